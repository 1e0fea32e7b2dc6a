package dev.basalt.kit.function;

import dev.basalt.kit.error.ApiException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A manifest as YAML (1.2, core schema), which JSON is a part of. It knows where in the text each field stands, so that what is
 * wrong with a field is told with its line and column. Not thread-safe.
 */
public final class ManifestYaml {
    private static final int MAX_TEXT = 256 * 1024;
    private static final int MAX_NODES = 10_000;
    private static final int MAX_DEPTH = 20;
    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setAllowDuplicateKeys(false)
            .setLabel("")
            .setCodePointLimit(MAX_TEXT)
            .build();

    private final String file;
    private final Map<String, Mark> places = new HashMap<>();
    private final JsonObject json;
    private int nodes;

    private ManifestYaml(String file, String text) {
        this.file = file;
        try {
            var root = new Compose(SETTINGS).composeString(text);
            if (root.isEmpty()) {
                this.json = new JsonObject();
            } else if (root.get() instanceof MappingNode mapping) {
                this.json = object(mapping, "", 0);
            } else {
                throw at(root.get().getStartMark(), "a manifest is a mapping of fields");
            }
        } catch (MarkedYamlEngineException e) {
            throw at(e.getProblemMark(), String.valueOf(e.getProblem()));
        } catch (YamlEngineException e) {
            throw at(Optional.empty(), "is no YAML that can be read");
        }
    }

    /**
     * Reads a file.
     *
     * @throws ApiException {@link FunctionError#INVALID_MANIFEST} with {@code file}, {@code line} and {@code column}
     */
    public static ManifestYaml read(String file, String text) {
        return new ManifestYaml(file, text);
    }

    /** The manifest as JSON, a copy. */
    public JsonObject json() {
        return json.copy();
    }

    /** An error of {@link FunctionManifest#parse} with the place of the field that it is about. */
    public ApiException placed(ApiException failure) {
        return failure.members().get("field") instanceof String field && places.containsKey(field)
                ? at(Optional.of(places.get(field)), failure.detail()).with("field", field)
                : failure;
    }

    private JsonObject object(MappingNode mapping, String path, int depth) {
        var object = new JsonObject();
        for (var entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw at(entry.getKeyNode().getStartMark(), "a field's name must be a text");
            }
            var field = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
            key.getStartMark().ifPresent(mark -> places.put(field, mark));
            object.put(key.getValue(), value(entry.getValueNode(), field, depth + 1));
        }
        return object;
    }

    private @Nullable Object value(Node node, String path, int depth) {
        // An alias stands for its whole anchor each time, so a small text can mean a huge tree, or an endless one.
        nodes++;
        if (nodes > MAX_NODES || depth > MAX_DEPTH) {
            throw at(node.getStartMark(), "the manifest holds too much");
        }
        return switch (node) {
            case MappingNode mapping -> object(mapping, path, depth);
            case SequenceNode sequence -> {
                var array = new JsonArray();
                for (var item : sequence.getValue()) {
                    var field = path + "[" + array.size() + "]";
                    item.getStartMark().ifPresent(mark -> places.put(field, mark));
                    array.add(value(item, field, depth + 1));
                }
                yield array;
            }
            case ScalarNode scalar -> scalar(scalar);
            default -> throw at(node.getStartMark(), "is not understood");
        };
    }

    private @Nullable Object scalar(ScalarNode scalar) {
        var text = scalar.getValue();
        var tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            return null;
        }
        if (tag.equals(Tag.BOOL)) {
            return Boolean.valueOf(text);
        }
        try {
            if (tag.equals(Tag.INT)) {
                return Integer.valueOf(text);
            }
            return tag.equals(Tag.FLOAT) ? Double.valueOf(text) : text;
        } catch (NumberFormatException e) {
            throw at(scalar.getStartMark(), "the number is too large");
        }
    }

    private ApiException at(Optional<Mark> mark, String detail) {
        var line = mark.map(Mark::getLine).orElse(-1) + 1;
        var column = mark.map(Mark::getColumn).orElse(-1) + 1;
        var place = line > 0 ? file + ":" + line + ":" + column + ": " : file + ": ";
        return ApiException.of(FunctionError.INVALID_MANIFEST, place + detail)
                .with("file", file)
                .with("line", line)
                .with("column", column);
    }
}
