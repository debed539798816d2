package ai.preceptor.cli.recipe;

import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.command.EmbeddedReferences;
import ai.preceptor.cli.config.JsonSchema;
import ai.preceptor.cli.config.KeyHelp;
import ai.preceptor.cli.config.OptionKeys;
import ai.preceptor.cli.config.SectionGrid;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.RecipeKeys;
import ai.preceptor.cli.yaml.References;
import ai.preceptor.quickstart.EmbeddedModels;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs a recipe of several stages. */
public final class RunCommand extends Command<Recipe> {
    private static final Map<String, Object> START = JsonSchema.keywords(
            "type", "string", "description", "what previous:STAGE is in the first round: a path, or a reference");

    private final List<StageKind<?>> kinds;

    /** @param kinds the commands that can be stages */
    public RunCommand(List<StageKind<?>> kinds) {
        super(
                "run",
                "runs a recipe: several stages in one run directory, with one table and one report at the end",
                Recipe.class);
        this.kinds = List.copyOf(kinds);
    }

    @Override
    public Class<? extends Record> keys() {
        return RecipeKeys.class;
    }

    /** A key beside the stages may be any key of a stage, so others are not reported here. */
    @Override
    public JsonSchema schema() {
        List<Object> stages = new ArrayList<>();
        for (StageKind<?> kind : kinds) {
            Map<String, Object> properties = new LinkedHashMap<>();
            properties.put("command", JsonSchema.keywords("const", kind.command()));
            properties.put(RoundStart.KEY, START);
            Map<String, Object> keys = JsonSchema.properties(kind.keys());
            properties.put(SectionGrid.KEY, grid(keys.keySet()));
            properties.putAll(keys);
            stages.add(JsonSchema.keywords(
                    "type",
                    "object",
                    "properties",
                    properties,
                    "required",
                    List.of("command"),
                    "additionalProperties",
                    false));
        }
        Map<String, Object> properties = new LinkedHashMap<>(JsonSchema.properties(keys()));
        properties.put(RoundStart.KEY, START);
        properties.put(
                "stages",
                JsonSchema.keywords("type", "object", "additionalProperties", JsonSchema.keywords("anyOf", stages)));
        return JsonSchema.open(properties);
    }

    private static Map<String, Object> grid(Set<String> keys) {
        return JsonSchema.keywords(
                "description",
                "values of keys; the stage stands for one stage for each combination, named NAME-VALUE",
                "type",
                "object",
                "propertyNames",
                JsonSchema.keywords("enum", List.copyOf(keys)),
                "additionalProperties",
                JsonSchema.keywords("type", "array", "minItems", 1, "uniqueItems", true));
    }

    @Override
    public List<String> template() {
        List<String> lines = new ArrayList<>(super.template());
        lines.addAll(List.of(
                "",
                "# ---- Stages, in the order to run: "
                        + kinds.stream().map(StageKind::command).collect(Collectors.joining(", ")),
                "#",
                "# A key up here is the default of every stage that has it. ./preceptor help --template COMMAND has the keys",
                "# of a stage; stage:NAME is the model of an earlier stage, stage:NAME/FILE one of its files.",
                "",
                "stages:",
                "  preferences:",
                "    command: elicit",
                "    model: embedded:student",
                "    teacher: embedded:teacher",
                "    data: embedded:prompts",
                "  dpo:",
                "    command: rank",
                "    model: embedded:student",
                "    data: stage:preferences/preferences.jsonl"));
        return lines;
    }

    @Override
    public OptionKeys optionKeys() {
        List<Class<? extends Record>> types = new ArrayList<>(List.of(keys()));
        kinds.forEach(kind -> types.add(kind.keys()));
        return OptionKeys.of(types);
    }

    @Override
    public List<String> help() {
        List<String> lines = new ArrayList<>(List.of(
                "",
                "A recipe has a section \"stages\", and in it a section for every stage, in the order to run, with",
                "\"command\" (" + kinds.stream().map(StageKind::command).collect(Collectors.joining(", ")) + ") and",
                "that command's keys. A top-level key is the default for every stage that has it. In place of a path,",
                "stage:NAME is the model of an earlier stage, stage:NAME/FILE one of its files, and recipe:KEY the path",
                "under that top-level key. On the command line, stages.NAME.key=value sets a key of a stage.",
                "",
                "With repeat=N the stages run in N rounds, those of repeat_stages if only some should. In a round,",
                "stage:NAME is that stage in the same round and previous:NAME the one in the round before; in the",
                "first round that is what \"start\" says, at the top or next to the stage's \"command\". Where a model",
                "is asked for, previous is the model of the same stage in the round before, and base the recipe's",
                "start (else its model). Seeds of round r are 1000 (r - 1) higher, except those of eval.",
                "",
                "With seeds=[1,2,3] the stages run once for each seed, in directories seed-1, seed-2, seed-3; those before",
                "seeds_from run once. The table has means and sample standard deviations over the seeds.",
                "",
                "A stage with grid: {learning_rate: [1e-4, 1e-3]} stands for one stage for each combination of the values,",
                "named NAME-VALUE. In lists such as model of eval, stage:NAME is all of them.",
                "",
                "Recipe"));
        lines.addAll(new KeyHelp(keys()).lines());
        return lines;
    }

    @Override
    public Recipe read(@Nullable Path file, List<String> arguments, References references) {
        References all = new EmbeddedReferences(EmbeddedModels.inUserCache()).or(references);
        return new RecipeReader(kinds, all, Clock.system(ZoneId.systemDefault())).read(file, arguments);
    }

    @Override
    public void run(Recipe recipe, Terminal terminal) {
        new RecipeRun(recipe, terminal, System::nanoTime).run();
    }
}
