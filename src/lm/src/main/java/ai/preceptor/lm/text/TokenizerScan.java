package ai.preceptor.lm.text;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.io.ModelDocument;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * What must be known of {@code tokenizer.json} before the tokenizer library reads it, found in one pass, since the
 * vocabulary may hold hundreds of thousands of tokens.
 *
 * @param added tokens of the list {@code added_tokens} to their ids
 * @param ids wanted tokens that are in the model's own vocabulary, to their ids
 * @param size one more than the largest id
 */
record TokenizerScan(Map<String, Integer> added, Map<String, Integer> ids, int size) {
    /**
     * Scans a file.
     *
     * @param document the file
     * @param wanted tokens whose ids are asked for
     * @throws DataException when it is no JSON object with a model and its vocabulary
     */
    static TokenizerScan of(ModelDocument document, Collection<String> wanted) {
        Path file = document.place();
        Pass pass = new Pass(wanted);
        try (Reader text = document.reader();
                JsonParser parser = new JsonFactory().createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw DataException.in(file, "expected a JSON object, found " + parser.currentToken());
            }
            pass.top(parser);
        } catch (JsonProcessingException malformed) {
            throw new DataException(file + ": not valid JSON: " + malformed.getOriginalMessage(), malformed);
        } catch (IOException failure) {
            throw new DataException(file + ": cannot be read: " + failure.getMessage(), failure);
        }
        if (pass.largest < 0) {
            throw DataException.in(file, "key \"model.vocab\": expected tokens, found none");
        }
        return new TokenizerScan(Map.copyOf(pass.added), Map.copyOf(pass.ids), pass.largest + 1);
    }

    /** The walk through the file. */
    private static final class Pass {
        private final Collection<String> wanted;
        private final Map<String, Integer> added = new HashMap<>();
        private final Map<String, Integer> ids = new HashMap<>();
        private int largest = -1;

        Pass(Collection<String> wanted) {
            this.wanted = wanted;
        }

        void top(JsonParser parser) throws IOException {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                JsonToken value = parser.nextToken();
                if (key.equals("added_tokens") && value == JsonToken.START_ARRAY) {
                    addedTokens(parser);
                } else if (key.equals("model") && value == JsonToken.START_OBJECT) {
                    model(parser);
                } else {
                    parser.skipChildren();
                }
            }
        }

        private void addedTokens(JsonParser parser) throws IOException {
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                String content = "";
                int id = -1;
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String key = parser.currentName();
                    parser.nextToken();
                    if (key.equals("content")) {
                        content = parser.getText();
                    } else if (key.equals("id")) {
                        id = parser.getIntValue();
                    }
                }
                added.put(content, id);
                largest = Math.max(largest, id);
            }
        }

        private void model(JsonParser parser) throws IOException {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                JsonToken value = parser.nextToken();
                if (key.equals("vocab") && value == JsonToken.START_OBJECT) {
                    while (parser.nextToken() == JsonToken.FIELD_NAME) {
                        String token = parser.currentName();
                        parser.nextToken();
                        found(token, parser.getIntValue());
                    }
                } else if (key.equals("vocab") && value == JsonToken.START_ARRAY) {
                    scoredTokens(parser);
                } else {
                    parser.skipChildren();
                }
            }
        }

        /** A Unigram vocabulary: pairs of token and score, whose ids are their positions. */
        private void scoredTokens(JsonParser parser) throws IOException {
            for (int id = 0; parser.nextToken() == JsonToken.START_ARRAY; id++) {
                parser.nextToken();
                found(parser.getText(), id);
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    parser.skipChildren();
                }
            }
        }

        private void found(String token, int id) {
            largest = Math.max(largest, id);
            if (wanted.contains(token)) {
                ids.put(token, id);
            }
        }
    }
}
