package dev.octroi.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.telemetry.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What every published contract keeps to, whoever wrote it. */
class ContractsTest {

    private static Vertx vertx;
    private static List<Contract> contracts;

    @BeforeAll
    static void load() throws Exception {
        vertx = RequestContext.newVertx(new VertxOptions());
        contracts = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("openapi"))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString().replace(".yaml", "");
                if (!name.equals("common")) {
                    contracts.add(await(Contract.load(vertx, name)));
                }
            }
        }
    }

    @AfterAll
    static void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void everyOperationIsNamedTaggedAndPromisesProblems() {
        List<String> faults = new ArrayList<>();
        Set<String> ids = new TreeSet<>();
        for (Contract contract : contracts) {
            forEachOperation(contract, (where, operation) -> {
                if (!operation.getString("operationId", "").matches("[a-z][A-Za-z0-9]+")) {
                    faults.add(where + ": no operationId");
                } else if (!ids.add(operation.getString("operationId"))) {
                    faults.add(where + ": operationId is used twice");
                }
                if (operation.getJsonArray("tags", new JsonArray()).isEmpty()) {
                    faults.add(where + ": no tag");
                }
                if (operation.getString("summary", "").isBlank()) {
                    faults.add(where + ": no summary");
                }
                if (!operation.getJsonObject("responses").containsKey("default")) {
                    faults.add(where + ": no default response");
                }
            });
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void everyRequestObjectIsClosedAndEveryInputBounded() {
        List<String> faults = new ArrayList<>();
        for (Contract contract : contracts) {
            JsonObject document = contract.document();
            forEachOperation(contract, (where, operation) -> {
                for (Object parameter : operation.getJsonArray("parameters", new JsonArray())) {
                    JsonObject resolved = ContractReader.resolve(document, (JsonObject) parameter);
                    bounds(
                            document,
                            where + " parameter " + resolved.getString("name"),
                            resolved.getJsonObject("schema"),
                            faults,
                            0);
                }
                JsonObject body =
                        ContractReader.resolve(document, operation.getJsonObject("requestBody", new JsonObject()));
                for (Map.Entry<String, Object> media : body.getJsonObject("content", new JsonObject())) {
                    if (media.getKey().endsWith("json") && !media.getKey().endsWith("ndjson")) {
                        bounds(
                                document,
                                where + " body",
                                ((JsonObject) media.getValue()).getJsonObject("schema"),
                                faults,
                                0);
                    }
                }
            });
        }
        assertThat(faults).isEmpty();
    }

    private static void bounds(
            JsonObject document, String where, JsonObject reference, List<String> faults, int depth) {
        if (reference == null || depth > 12) {
            return;
        }
        JsonObject schema = ContractReader.resolve(document, reference);
        String type = String.valueOf(schema.getValue("type"));
        if (type.contains("string")
                && !schema.containsKey("maxLength")
                && !schema.containsKey("enum")
                && !schema.containsKey("const")) {
            faults.add(where + ": a string without maxLength");
        }
        if ((type.contains("integer") || type.contains("number"))
                && !(schema.containsKey("minimum") && schema.containsKey("maximum"))
                && !schema.containsKey("enum")) {
            faults.add(where + ": a number without bounds");
        }
        if (type.contains("array")) {
            if (!schema.containsKey("maxItems")) {
                faults.add(where + ": an array without maxItems");
            }
            bounds(document, where + "[]", schema.getJsonObject("items"), faults, depth + 1);
        }
        if (type.contains("object") && schema.containsKey("properties")) {
            // ES9+ is the standard's: later versions of phones add members, which are ignored (SGP.22 §6.5).
            boolean standards = where.startsWith("device ");
            if (!standards
                    && !Boolean.FALSE.equals(schema.getValue("additionalProperties"))
                    && !Boolean.FALSE.equals(schema.getValue("unevaluatedProperties"))) {
                faults.add(where + ": an open object");
            }
            for (Map.Entry<String, Object> member : schema.getJsonObject("properties")) {
                bounds(document, where + "." + member.getKey(), (JsonObject) member.getValue(), faults, depth + 1);
            }
        }
        for (String branch : List.of("oneOf", "anyOf")) {
            for (Object option : schema.getJsonArray(branch, new JsonArray())) {
                bounds(document, where, (JsonObject) option, faults, depth + 1);
            }
        }
    }

    @Test
    void docsPageIsServedWithAllItNeeds() throws Exception {
        Router router = Router.router(vertx);
        Docs.mount(router, contracts);
        HttpServer server =
                await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
        WebClient client = WebClient.create(vertx);
        HttpResponse<Buffer> page =
                await(client.get(server.actualPort(), "127.0.0.1", "/docs").send());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.getHeader("Content-Security-Policy"))
                .contains("default-src 'none'")
                .contains("script-src 'self';");
        assertThat(page.bodyAsString()).doesNotContain("http://", "https://");
        List<String> parts = Stream.of(page.bodyAsString().split("\"", -1))
                .filter(part -> part.startsWith("/docs/"))
                .toList();
        assertThat(parts).hasSizeGreaterThanOrEqualTo(5);
        for (String part : parts) {
            assertThat(await(client.get(server.actualPort(), "127.0.0.1", part).send())
                            .statusCode())
                    .as(part)
                    .isEqualTo(200);
        }
        String start = await(client.get(server.actualPort(), "127.0.0.1", "/docs/start.js")
                        .send())
                .bodyAsString();
        assertThat(start).contains("validatorUrl: null");
        for (Contract contract : contracts) {
            assertThat(start).contains("/openapi/" + contract.name() + ".yaml");
            String yaml = await(client.get(server.actualPort(), "127.0.0.1", "/openapi/" + contract.name() + ".yaml")
                            .send())
                    .bodyAsString();
            assertThat(yaml).startsWith("---\nopenapi: \"3.1").doesNotContain("common.yaml");
        }
        await(server.close());
    }

    private interface Visitor {
        void visit(String where, JsonObject operation);
    }

    private static void forEachOperation(Contract contract, Visitor visitor) {
        JsonObject paths = contract.document().getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            for (Map.Entry<String, Object> item : paths.getJsonObject(path)) {
                if (Set.of("get", "put", "post", "delete", "patch").contains(item.getKey())) {
                    visitor.visit(contract.name() + " " + item.getKey() + " " + path, (JsonObject) item.getValue());
                }
            }
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
