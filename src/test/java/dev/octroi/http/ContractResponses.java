package dev.octroi.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Holds answers against the contract that promises them: status, media type, schema, and the form of problems. */
public final class ContractResponses {

    private static final String BASE = "https://octroi.dev/contract";
    private static final Set<String> EXAMPLES = Set.of("example", "examples", "default", "enum");
    /** Their parts are answered by one object together. */
    private static final Set<String> ALTERNATIVES = Set.of("allOf", "anyOf", "oneOf");

    private final Contract contract;
    private final JsonObject document;
    private final SchemaRepository repository;

    private ContractResponses(Contract contract) {
        this.contract = contract;
        this.document = contract.document().copy();
        close(this.document);
        this.repository = SchemaRepository.create(options());
        this.repository.dereference(BASE, JsonSchema.of(document));
    }

    public static ContractResponses of(Contract contract) {
        return new ContractResponses(contract);
    }

    /** Checks an answer of the operation that a method and a path lead to. */
    public void check(HttpMethod method, String path, HttpResponse<Buffer> response) {
        ContractOperation operation = contract.operations().stream()
                .filter(candidate -> candidate.method().equals(method)
                        && path.matches(candidate.template().replaceAll("\\{[^}]+}", "[^/]+")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no operation for " + method + " " + path));
        check(operation.id(), response);
    }

    /** Checks an answer of an operation. */
    public void check(String operationId, HttpResponse<Buffer> response) {
        check(operationId, response.statusCode(), response.getHeader("Content-Type"), response.body());
    }

    /** Checks an answer of an operation. */
    public void check(String operationId, int status, String contentType, Buffer body) {
        ContractOperation operation = contract.operations().stream()
                .filter(candidate -> candidate.id().equals(operationId))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no operation " + operationId));
        String path =
                operation.template().substring(ContractReader.basePath(document).length());
        String method = operation.method().name().toLowerCase(Locale.ROOT);
        JsonObject responses = document.getJsonObject("paths")
                .getJsonObject(path)
                .getJsonObject(method)
                .getJsonObject("responses");
        String key = responses.containsKey(Integer.toString(status)) ? Integer.toString(status) : "default";
        assertThat(responses.fieldNames())
                .as("%s answered %d, which the contract does not promise", operationId, status)
                .contains(key);
        JsonObject content = ContractReader.resolve(document, responses.getJsonObject(key))
                .getJsonObject("content", new JsonObject());
        boolean empty = body == null || body.length() == 0;
        if (content.isEmpty()) {
            assertThat(empty).as("%s %d has no body", operationId, status).isTrue();
            return;
        }
        String mediaType = MediaTypes.bare(contentType);
        assertThat(content.fieldNames())
                .as("media type of %s %d", operationId, status)
                .contains(mediaType);
        if (mediaType.endsWith("json")) {
            JsonObject schema = content.getJsonObject(mediaType).getJsonObject("schema");
            checkSchema(operationId + " " + status, schema, Json.decodeValue(body));
        }
        if (mediaType.equals(Problem.MEDIA_TYPE)) {
            assertThat(new JsonObject(body).getInteger("status")).isEqualTo(status);
        }
    }

    private void checkSchema(String what, JsonObject schema, Object value) {
        JsonObject absolute = new JsonObject(schema.encode().replace("\"#/", "\"" + BASE + "#/"));
        OutputUnit output = repository
                .validator(JsonSchema.of(absolute.put("$id", BASE + "/" + what.hashCode())), options())
                .validate(value);
        List<String> errors = output.getErrors() == null
                ? List.of()
                : output.getErrors().stream()
                        .map(unit -> unit.getInstanceLocation() + ": " + unit.getError())
                        .toList();
        assertThat(output.getValid())
                .as("%s answers %s, against the contract: %s", what, value, errors)
                .isTrue();
    }

    /** An answer has no member that its schema does not name: who generates a client from the contract would lose it. */
    private static void close(JsonObject node) {
        Object type = node.getValue("type");
        boolean isObject = "object".equals(type) || (type instanceof JsonArray types && types.contains("object"));
        if (isObject && node.getValue("properties") instanceof JsonObject) {
            node.getMap().putIfAbsent("additionalProperties", false);
        }
        for (String member : node.fieldNames()) {
            if (!EXAMPLES.contains(member) && !ALTERNATIVES.contains(member)) {
                Object value = node.getValue(member);
                if (value instanceof JsonObject object) {
                    close(object);
                }
            }
        }
    }

    private static JsonSchemaOptions options() {
        return new JsonSchemaOptions()
                .setBaseUri(BASE)
                .setDraft(Draft.DRAFT202012)
                .setOutputFormat(OutputFormat.Basic);
    }
}
