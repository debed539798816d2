package ai.preceptor.cli.recipe;

import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A recipe with every command that can be a stage, on a model of a few thousand weights.
 *
 * @param file the recipe
 */
record TinyRecipe(Path file) {
    /** Its stages in order. */
    static final List<String> STAGES = List.of("warm", "sample", "reward", "dpo", "policy", "evaluate");

    /** Writes it and its prompts. */
    static TinyRecipe write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path model = Golden.dir("tiny-chat");
        Path prompts = Files.writeString(directory.resolve("prompts.jsonl"), rows("""
                {"prompt": [{"role": "user", "content": "Say number %d"}]}"""));
        Path answers = Files.writeString(directory.resolve("answers.jsonl"), rows("""
                {"prompt": [{"role": "user", "content": "Say number %d"}], "completion": "It is one two."}"""));
        return new TinyRecipe(Files.writeString(
                directory.resolve("tiny.yaml"), """
                model: '%s'
                seed: 3
                threads: 1
                learning_rate: 1e-3
                lr_scheduler_type: constant
                batch_size: 4
                save_steps: 2
                max_new_tokens: 8
                stages:
                  warm: {command: sft, data: '%s', max_steps: 6}
                  sample: {command: elicit, data: '%s', teacher: '%s', num_generations: 4}
                  reward: {command: reward, data: 'stage:sample/preferences.jsonl', eval_rows: 6, max_steps: 8}
                  dpo: {command: rank, model: 'stage:warm', data: 'stage:sample/ranked.jsonl', loss_type: pro, max_steps: 8}
                  policy:
                    command: policy
                    reward_model: 'stage:reward'
                    data: '%s'
                    num_generations: 4
                    max_completion_length: 8
                    max_length: 64
                    max_steps: 6
                  evaluate:
                    command: eval
                    model: [stage:policy, stage:dpo]
                    baseline: recipe:model
                    teacher: 'stage:reward'
                    reward_model: stage:reward
                    pairs: stage:reward/heldout.jsonl
                    rule: distinct_words
                    data: '%s'
                """.formatted(model, answers, prompts, model, prompts, prompts)));
    }

    private static String rows(String pattern) {
        return IntStream.range(0, 36).mapToObj(pattern::formatted).collect(Collectors.joining("\n"));
    }
}
