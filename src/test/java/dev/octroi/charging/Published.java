package dev.octroi.charging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The machine-readable contracts that 3GPP publishes, where they lie beside the project; else nothing is checked. */
final class Published {
    private static final Path FOLDER = Path.of(System.getProperty("octroi.home", "."))
            .toAbsolutePath()
            .normalize()
            .resolveSibling("shared/charging/openapi");
    private static final Map<String, JsonNode> FILES = new HashMap<>();
    private static final Map<String, Validator> VALIDATORS = new HashMap<>();

    private Published() {}

    static boolean isThere() {
        return Files.isDirectory(FOLDER);
    }

    /** Checks a value against a schema such as {@code TS32291_Nchf_ConvergedCharging.yaml ChargingDataResponse}. */
    static synchronized void check(String file, String schema, JsonObject value) {
        if (!isThere()) {
            return;
        }
        OutputUnit result = VALIDATORS
                .computeIfAbsent(file + " " + schema, name -> validator(file, schema))
                .validate(value);
        assertThat(result.getValid())
                .as("%s %s: %s%n%s", file, schema, result.getErrors(), value.encodePrettily())
                .isTrue();
    }

    private static Validator validator(String file, String schema) {
        JsonObject defs = new JsonObject();
        String root = collect(file, "/components/schemas/" + schema, defs);
        JsonObject bundled =
                new JsonObject().put("$ref", "#/definitions/" + root).put("definitions", defs);
        return Validator.create(
                JsonSchema.of(bundled),
                new JsonSchemaOptions()
                        .setBaseUri("https://octroi.test")
                        .setDraft(Draft.DRAFT7)
                        .setOutputFormat(OutputFormat.Basic));
    }

    /** Puts a schema and all that it refers to into the definitions; returns its name there. */
    private static String collect(String file, String pointer, JsonObject defs) {
        String name = (file + pointer).replaceAll("[^A-Za-z0-9]", "_");
        if (!defs.containsKey(name)) {
            defs.put(name, new JsonObject());
            JsonNode node = FILES.computeIfAbsent(file, Published::read).at(pointer);
            assertThat(node.isMissingNode()).as(file + pointer).isFalse();
            defs.put(name, rewrite(file, new JsonObject(node.toString()), defs));
        }
        return name;
    }

    private static Object rewrite(String file, Object value, JsonObject defs) {
        if (value instanceof JsonArray array) {
            JsonArray all = new JsonArray();
            array.forEach(each -> all.add(rewrite(file, each, defs)));
            return all;
        }
        if (!(value instanceof JsonObject object)) {
            return value;
        }
        if (object.getValue("$ref") instanceof String ref) {
            int hash = ref.indexOf('#');
            String target = hash == 0 ? file : ref.substring(0, hash);
            return new JsonObject().put("$ref", "#/definitions/" + collect(target, ref.substring(hash + 1), defs));
        }
        JsonObject all = new JsonObject();
        object.forEach(entry -> {
            // Words of OpenAPI 3.0 that JSON Schema does not have or means otherwise.
            if (!java.util.Set.of("example", "discriminator", "nullable", "description", "format")
                    .contains(entry.getKey())) {
                all.put(entry.getKey(), rewrite(file, entry.getValue(), defs));
            }
        });
        return all;
    }

    private static JsonNode read(String file) {
        try {
            return new YAMLMapper().readTree(FOLDER.resolve(file).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
