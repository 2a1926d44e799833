package dev.octroi.callback;

import dev.octroi.pki.TlsFiles;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * An operator's CAMARA QoS Provisioning API with its token endpoint, over real TLS, as its contract (version 0.3) has it:
 * one assignment for a device, unknown properties refused, 409 for a second one, what is unavailable stays until deleted.
 */
final class CamaraApi implements AutoCloseable {
    static final String BASE = "/qos-provisioning/v0.3";
    static final String CLIENT = "octroi";
    static final String SECRET = "s3cret:of+the operator";

    private static final Set<String> REQUEST = Set.of("device", "qosProfile", "sink", "sinkCredential");

    /** An assignment as the operator has it. */
    static final class Assignment {
        final String id = UUID.randomUUID().toString();
        final String device;
        final String qosProfile;
        final JsonObject request;
        volatile String status = "REQUESTED";
        volatile boolean deleting;

        Assignment(JsonObject request) {
            this.request = request;
            this.device = request.getJsonObject("device").getString("networkAccessIdentifier");
            this.qosProfile = request.getString("qosProfile");
        }

        String token() {
            return request.getJsonObject("sinkCredential").getString("accessToken");
        }

        JsonObject info() {
            JsonObject info = new JsonObject()
                    .put("assignmentId", id)
                    .put("qosProfile", qosProfile)
                    .put("sink", request.getString("sink"))
                    .put("status", status);
            return deleting ? info.put("statusInfo", "DELETE_REQUESTED") : info;
        }
    }

    /** A request before it is answered. */
    record Call(String method, String path, Map<String, String> headers, String body) {}

    /** What happens to a call instead of its proper answer. */
    enum Fault {
        NONE,
        TOO_MANY,
        UNAVAILABLE,
        /** It is carried out and never answered. */
        LOST_ANSWER,
        /** The connection is closed and nothing happens. */
        CLOSED,
        /** It is carried out, and answered when the test says so. */
        HELD
    }

    private final HttpServer server;
    private final Map<String, Assignment> assignments = new TreeMap<>();
    private final List<Assignment> made = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private volatile Function<Call, Fault> faults = call -> Fault.NONE;
    private volatile String first = "REQUESTED";
    private volatile boolean deletesLater;
    private final List<Runnable> held = new CopyOnWriteArrayList<>();
    private volatile String token = "t-1";
    private int tokens;

    CamaraApi(Vertx vertx, TlsFiles files) throws Exception {
        server = vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setHost("127.0.0.1")
                        .setPort(0)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .setCertPath(files.chain().toString())
                                .setKeyPath(files.key().toString())))
                .requestHandler(request -> request.body().onSuccess(body -> handle(request, body)))
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    URI root() {
        return URI.create("https://localhost:" + server.actualPort() + BASE);
    }

    URI tokenUrl() {
        return URI.create("https://localhost:" + server.actualPort() + "/token");
    }

    /** The status that new assignments have. */
    void begins(String status) {
        first = status;
    }

    /** Deletions are accepted and take time. */
    void deletesLater() {
        deletesLater = true;
    }

    void faults(Function<Call, Fault> next) {
        faults = next;
    }

    /** How many answers are held. */
    int held() {
        return held.size();
    }

    /** Gives the answers that are held. */
    void release() {
        held.forEach(Runnable::run);
        held.clear();
    }

    /** The tokens issued so far are good no longer. */
    synchronized void forgetTokens() {
        token = "t-" + (++tokens + 100);
    }

    synchronized List<Assignment> all() {
        return List.copyOf(assignments.values());
    }

    synchronized List<Assignment> made() {
        return List.copyOf(made);
    }

    synchronized List<Call> calls(String method, String pathPart) {
        return calls.stream()
                .filter(call -> call.method().equals(method) && call.path().contains(pathPart))
                .toList();
    }

    synchronized void put(Assignment foreign) {
        assignments.put(foreign.id, foreign);
    }

    /** A deletion that took time is done, or the network has lost the assignment. */
    synchronized void remove(Assignment gone) {
        assignments.remove(gone.id);
    }

    /** The event of an assignment's status. */
    static JsonObject event(Assignment assignment, String status) {
        return new JsonObject()
                .put("id", UUID.randomUUID().toString())
                .put("source", "https://api.example.com" + BASE)
                .put("specversion", "1.0")
                .put("type", "org.camaraproject.qos-provisioning.v0.status-changed")
                .put("time", "2026-11-29T03:00:00Z")
                .put("datacontenttype", "application/json")
                .put("data", new JsonObject().put("assignmentId", assignment.id).put("status", status));
    }

    @Override
    public void close() throws Exception {
        server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private synchronized void handle(HttpServerRequest request, Buffer body) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        request.headers().forEach(header -> headers.put(header.getKey(), header.getValue()));
        Call call = new Call(request.method().name(), request.path(), headers, body.toString());
        calls.add(call);
        if (call.path().equals("/token")) {
            token(request, call);
            return;
        }
        switch (faults.apply(call)) {
            case TOO_MANY -> {
                request.response().putHeader("Retry-After", "1");
                error(request, 429, "TOO_MANY_REQUESTS");
            }
            case UNAVAILABLE -> error(request, 503, "UNAVAILABLE");
            case CLOSED -> request.connection().close();
            case LOST_ANSWER -> {
                answer(call);
                request.connection().close();
            }
            case HELD -> {
                Answer answer = answer(call);
                held.add(() -> answer(request, answer));
            }
            case NONE -> answer(request, answer(call));
        }
    }

    private static void answer(HttpServerRequest request, Answer answer) {
        if (answer.body() == null) {
            request.response().setStatusCode(answer.status()).end();
        } else {
            request.response()
                    .setStatusCode(answer.status())
                    .putHeader("Content-Type", "application/json")
                    .end(answer.body().toBuffer());
        }
    }

    private record Answer(int status, JsonObject body) {
        static Answer error(int status, String code) {
            return new Answer(
                    status,
                    new JsonObject().put("status", status).put("code", code).put("message", "no"));
        }
    }

    private Answer answer(Call call) {
        if (!("Bearer " + token).equals(call.headers().get("Authorization"))) {
            return Answer.error(401, "UNAUTHENTICATED");
        }
        String path = call.path().substring(BASE.length());
        if (path.equals("/qos-assignments") && call.method().equals("POST")) {
            return create(new JsonObject(call.body()));
        }
        if (path.equals("/retrieve-qos-assignment") && call.method().equals("POST")) {
            String device = new JsonObject(call.body()).getJsonObject("device").getString("networkAccessIdentifier");
            return assignments.values().stream()
                    .filter(each -> each.device.equals(device))
                    .findFirst()
                    .map(each -> new Answer(200, each.info()))
                    .orElseGet(() -> Answer.error(404, "NOT_FOUND"));
        }
        Assignment assignment = assignments.get(path.substring(path.lastIndexOf('/') + 1));
        if (assignment == null) {
            return Answer.error(404, "NOT_FOUND");
        }
        if (call.method().equals("GET")) {
            return new Answer(200, assignment.info());
        }
        if (deletesLater && !assignment.status.equals("UNAVAILABLE")) {
            assignment.deleting = true;
            return new Answer(202, assignment.info());
        }
        assignments.remove(assignment.id);
        return new Answer(204, null);
    }

    private Answer create(JsonObject body) {
        if (!REQUEST.containsAll(body.fieldNames())) {
            return Answer.error(400, "INVALID_ARGUMENT");
        }
        if (body.getString("qosProfile").equals("NOT_THERE")) {
            return Answer.error(422, "QOS_PROVISIONING.QOS_PROFILE_NOT_APPLICABLE");
        }
        Assignment assignment = new Assignment(body);
        if (assignments.values().stream().anyMatch(each -> each.device.equals(assignment.device))) {
            return Answer.error(409, "CONFLICT");
        }
        assignment.status = first;
        assignments.put(assignment.id, assignment);
        made.add(assignment);
        return new Answer(201, assignment.info());
    }

    private void token(HttpServerRequest request, Call call) {
        String basic = "Basic "
                + Base64.getEncoder()
                        .encodeToString((CLIENT + ":s3cret%3Aof%2Bthe+operator").getBytes(StandardCharsets.US_ASCII));
        boolean good = basic.equals(call.headers().get("Authorization"))
                && call.body().equals("grant_type=client_credentials&scope=qos%3Acreate+qos%3Aread");
        if (!good) {
            error(request, 401, "invalid_client");
            return;
        }
        request.response()
                .putHeader("Content-Type", "application/json")
                .end(new JsonObject()
                        .put("access_token", token)
                        .put("token_type", "Bearer")
                        .put("expires_in", 600)
                        .toBuffer());
    }

    private static void error(HttpServerRequest request, int status, String code) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(Answer.error(status, code).body().toBuffer());
    }
}
