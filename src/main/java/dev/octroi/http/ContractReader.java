package dev.octroi.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.octroi.http.ContractOperation.BodyKind;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads contract files, joins the shared components in, and makes the copy that vertx-openapi accepts. */
final class ContractReader {

    private static final ObjectMapper YAML = new YAMLMapper();
    private static final String COMMON = "common.yaml";
    private static final List<String> METHODS = List.of("get", "put", "post", "delete", "patch", "head", "options");
    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";

    private ContractReader() {}

    /** The contract {@code openapi/{name}.yaml} of the class path with the shared components joined in. */
    static JsonObject read(String name) {
        JsonObject document = parse(name + ".yaml");
        JsonObject joined = rewriteRefs(document);
        JsonObject components = object(joined, "components");
        JsonObject shared = rewriteRefs(parse(COMMON)).getJsonObject("components");
        for (String section : shared.fieldNames()) {
            JsonObject into = object(components, section);
            for (Map.Entry<String, Object> entry : shared.getJsonObject(section)) {
                if (into.containsKey(entry.getKey())) {
                    throw new IllegalStateException(
                            name + ".yaml defines again " + section + "/" + entry.getKey() + " of " + COMMON);
                }
                into.put(entry.getKey(), entry.getValue());
            }
        }
        return joined;
    }

    /** The base path of the only server entry, without a trailing slash. */
    static String basePath(JsonObject document) {
        JsonArray servers = document.getJsonArray("servers", new JsonArray());
        if (servers.isEmpty()) {
            return "";
        }
        String url = servers.getJsonObject(0).getString("url");
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /** All operations, in the order of the file. */
    static List<ContractOperation> operations(JsonObject document) {
        String base = basePath(document);
        List<ContractOperation> operations = new ArrayList<>();
        forEachOperation(document, (path, method, operation) -> {
            JsonObject body = resolve(document, operation.getJsonObject("requestBody", new JsonObject()));
            Set<String> mediaTypes =
                    lowerCase(body.getJsonObject("content", new JsonObject()).fieldNames());
            operations.add(new ContractOperation(
                    operation.getString("operationId", method + " " + path),
                    HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)),
                    base + path,
                    operation
                            .getJsonArray("tags", new JsonArray().add("default"))
                            .getString(0),
                    security(operation.getJsonArray("security", document.getJsonArray("security", new JsonArray()))),
                    bodyKind(mediaTypes),
                    body.getBoolean("required", false),
                    operation.getInteger("x-body-limit-bytes", ContractOperation.DEFAULT_BODY_LIMIT_BYTES),
                    mediaTypes,
                    successMediaTypes(document, operation)));
        });
        return List.copyOf(operations);
    }

    /**
     * What vertx-openapi 5.0 gets to see: no relative server (it refuses them), no responses (it refuses
     * {@code application/problem+json}), no security (ours is checked before the body is read), JSON bodies only.
     */
    static JsonObject trim(JsonObject document) {
        JsonObject copy = document.copy();
        // Path parameters are found by position, so the base path stays, under a name that stands for any host.
        copy.put("servers", new JsonArray().add(new JsonObject().put("url", "https://localhost" + basePath(document))));
        copy.remove("security");
        copy.remove("webhooks");
        JsonObject components = object(copy, "components");
        for (String unused : List.of("responses", "securitySchemes", "examples", "headers", "links", "callbacks")) {
            components.remove(unused);
        }
        forEachOperation(copy, (path, method, operation) -> {
            operation.remove("security");
            operation.remove("callbacks");
            operation.put("responses", new JsonObject().put("default", new JsonObject().put("description", "-")));
            JsonObject body = operation.getJsonObject("requestBody");
            if (body == null) {
                return;
            }
            JsonObject resolved = resolve(document, body).copy();
            JsonObject content = resolved.getJsonObject("content", new JsonObject());
            BodyKind kind = bodyKind(lowerCase(content.fieldNames()));
            if (kind == BodyKind.JSON || kind == BodyKind.FORM) {
                JsonObject media = (JsonObject) content.iterator().next().getValue();
                JsonObject only = new JsonObject().put("schema", media.getJsonObject("schema"));
                operation.put("requestBody", resolved.put("content", new JsonObject().put(JSON, only)));
            } else {
                operation.remove("requestBody");
            }
        });
        components.remove("requestBodies");
        toTheVeryEnd(copy);
        return copy;
    }

    /** In a contract {@code $} is the end (ECMA-262); to the validator's regular expressions it is also the place before a last line feed. */
    private static void toTheVeryEnd(Object node) {
        if (node instanceof JsonArray array) {
            array.forEach(ContractReader::toTheVeryEnd);
        } else if (node instanceof JsonObject object) {
            if (object.getValue("pattern") instanceof String pattern && pattern.endsWith("$")) {
                object.put("pattern", pattern.substring(0, pattern.length() - 1) + "\\z");
            }
            object.forEach(entry -> toTheVeryEnd(entry.getValue()));
        }
    }

    /** The joined document as YAML, for people and tools. */
    static String toYaml(JsonObject document) {
        try {
            return YAML.writeValueAsString(new ObjectMapper().readTree(document.encode()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface OperationVisitor {
        void visit(String path, String method, JsonObject operation);
    }

    private static void forEachOperation(JsonObject document, OperationVisitor visitor) {
        JsonObject paths = object(document, "paths");
        for (String path : paths.fieldNames()) {
            JsonObject item = paths.getJsonObject(path);
            for (String method : METHODS) {
                JsonObject operation = item.getJsonObject(method);
                if (operation != null) {
                    visitor.visit(path, method, operation);
                }
            }
        }
    }

    private static List<Map<String, List<String>>> security(JsonArray alternatives) {
        List<Map<String, List<String>>> list = new ArrayList<>();
        for (int i = 0; i < alternatives.size(); i++) {
            Map<String, List<String>> schemes = new LinkedHashMap<>();
            for (Map.Entry<String, Object> entry : alternatives.getJsonObject(i)) {
                schemes.put(
                        entry.getKey(),
                        ((JsonArray) entry.getValue())
                                .stream().map(String::valueOf).toList());
            }
            list.add(Map.copyOf(schemes));
        }
        return list;
    }

    private static BodyKind bodyKind(Set<String> mediaTypes) {
        if (mediaTypes.isEmpty()) {
            return BodyKind.NONE;
        }
        if (mediaTypes.stream().allMatch(type -> type.equals(JSON) || type.endsWith("+json"))) {
            return BodyKind.JSON;
        }
        return mediaTypes.equals(Set.of(FORM)) ? BodyKind.FORM : BodyKind.RAW;
    }

    private static Set<String> successMediaTypes(JsonObject document, JsonObject operation) {
        Set<String> types = new LinkedHashSet<>();
        JsonObject responses = operation.getJsonObject("responses", new JsonObject());
        for (String status : responses.fieldNames()) {
            if (status.startsWith("2")) {
                JsonObject response = resolve(document, responses.getJsonObject(status));
                types.addAll(lowerCase(
                        response.getJsonObject("content", new JsonObject()).fieldNames()));
            }
        }
        return types;
    }

    /** Follows a local {@code $ref} to the object it names. */
    static JsonObject resolve(JsonObject document, JsonObject value) {
        String ref = value.getString("$ref");
        if (ref == null) {
            return value;
        }
        JsonObject found = document;
        for (String part : ref.substring(2).split("/", -1)) {
            found = found.getJsonObject(part.replace("~1", "/").replace("~0", "~"));
            if (found == null) {
                throw new IllegalStateException("nothing at " + ref);
            }
        }
        return resolve(document, found);
    }

    private static JsonObject parse(String file) {
        try (InputStream in = ContractReader.class.getResourceAsStream("/openapi/" + file)) {
            if (in == null) {
                throw new IllegalStateException("no contract openapi/" + file);
            }
            // Through text, so that every nested value is a JsonObject or JsonArray of its own.
            return new JsonObject(new ObjectMapper().writeValueAsString(YAML.readTree(in)));
        } catch (IOException e) {
            throw new UncheckedIOException("openapi/" + file, e);
        }
    }

    private static JsonObject rewriteRefs(JsonObject document) {
        return new JsonObject(document.encode().replace("\"" + COMMON + "#/", "\"#/"));
    }

    private static JsonObject object(JsonObject parent, String name) {
        JsonObject child = parent.getJsonObject(name);
        if (child == null) {
            child = new JsonObject();
            parent.put(name, child);
        }
        return child;
    }

    private static Set<String> lowerCase(Set<String> names) {
        Set<String> lower = new LinkedHashSet<>();
        names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
        return lower;
    }
}
