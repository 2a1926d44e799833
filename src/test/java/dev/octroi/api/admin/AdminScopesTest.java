package dev.octroi.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.http.Contract;
import dev.octroi.http.ContractOperation;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every operation of the admin API against credentials that lack something, on things that are there, with bodies that are taken. */
class AdminScopesTest {
    /** What only the installation's operator may do, whatever a tenant's credential says. */
    private static final Set<String> OPERATORS = Set.of(
            "createTenant",
            "disableTenant",
            "enableTenant",
            "listTenants",
            "registerPartner",
            "disablePartner",
            "listPartners",
            "replacePartnerCharging",
            "replacePartnerConnector",
            "replacePartnerEs2",
            "getBlockList",
            "loadBlockList",
            "importProfiles");

    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");

    private static AdminServer server;
    private static Contract contract;
    private static Set<String> scopes;
    private static AdminObjects objects;
    private static int keys;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        server = new AdminServer(folder);
        contract = AdminServer.await(Contract.load(server.vertx, "admin"));
        scopes = new TreeSet<>();
        contract.operations()
                .forEach(operation ->
                        operation.security().forEach(each -> each.values().forEach(scopes::addAll)));
        objects = new AdminObjects(server, contract, String.join(" ", scopes));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void everyOperationNeedsItsScope() throws Exception {
        Map<String, String> ids = objects.make();
        for (ContractOperation operation : contract.operations()) {
            assertThat(operation.security()).as(operation.id()).hasSize(1);
            List<String> needed = operation.security().getFirst().get("bearer");
            assertThat(needed).as(operation.id()).isNotEmpty();
            String without =
                    scopes.stream().filter(scope -> !needed.contains(scope)).collect(Collectors.joining(" "));
            assertThat(send("0/root/" + without, operation, ids).statusCode())
                    .as("%s without %s", operation.id(), needed)
                    .isEqualTo(403);
        }
    }

    @Test
    void aTenantReachesItsOwnThingsAndNobodyElses() throws Exception {
        int tried = 0;
        for (ContractOperation operation : contract.operations()) {
            if (OPERATORS.contains(operation.id()) || !operation.template().contains("{")) {
                continue;
            }
            Map<String, String> ids = objects.make();
            HttpResponse<Buffer> strangers = send(objects.credential(2, "eve"), operation, ids);
            assertThat(strangers.statusCode())
                    .as("%s by a stranger: %s", operation.id(), strangers.bodyAsString())
                    .isEqualTo(404);
            // What it is for may not be at hand, but it is there for its owner, and neither body nor scope is at fault.
            HttpResponse<Buffer> owners = send(objects.credential(1, "ada"), operation, ids);
            assertThat(owners.statusCode())
                    .as("%s by its owner: %s", operation.id(), owners.bodyAsString())
                    .isNotIn(400, 401, 403, 404);
            followLocation(objects.credential(1, "ada"), operation, owners);
            tried++;
        }
        assertThat(tried).isGreaterThan(35);
    }

    @Test
    void whatIsTheOperatorsIsRefusedToTenantsAndDoneForTheOperator() throws Exception {
        int tried = 0;
        for (ContractOperation operation : contract.operations()) {
            if (!OPERATORS.contains(operation.id())) {
                continue;
            }
            Map<String, String> ids = objects.make();
            HttpResponse<Buffer> tenants = send(objects.credential(1, "ada"), operation, ids);
            assertThat(tenants.statusCode()).as(operation.id()).isEqualTo(403);
            assertThat(tenants.bodyAsJsonObject().getString("code"))
                    .as(operation.id())
                    .isEqualTo("operator_only");
            HttpResponse<Buffer> done = send(objects.credential(0, "root"), operation, ids);
            assertThat(done.statusCode())
                    .as("%s: %s", operation.id(), done.bodyAsString())
                    .isLessThan(300);
            followLocation(objects.credential(0, "root"), operation, done);
            tried++;
        }
        assertThat(tried).isEqualTo(OPERATORS.size());
    }

    @Test
    void listsOverAllTenantsShowATenantItsOwnOnly() throws Exception {
        Map<String, String> ids = objects.make();
        for (String path : List.of("/usage-quarantine", "/dead-letters", "/alarms", "/cases")) {
            String query = path + "?limit=200";
            String strangers = get(objects.credential(2, "eve"), query);
            ids.values().stream()
                    .filter(id -> id.matches("(qrn|cb|case|sub)_.*"))
                    .forEach(id -> assertThat(strangers).as(path).doesNotContain(id));
        }
        assertThat(get(objects.credential(1, "ada"), "/usage-quarantine?limit=200"))
                .contains(ids.get("recordId"));
        assertThat(get(objects.credential(1, "ada"), "/dead-letters?limit=200")).contains(ids.get("callbackId"));
        assertThat(get(objects.credential(1, "ada"), "/cases?limit=200")).contains(ids.get("caseId"));
    }

    /** Where an answer says that the new object lives, there it is. */
    private static void followLocation(String credential, ContractOperation operation, HttpResponse<Buffer> made)
            throws Exception {
        String location = made.getHeader("Location");
        if (location == null) {
            return;
        }
        HttpResponse<Buffer> there =
                server.call(credential, HttpMethod.GET, location.substring("/admin/v1".length()), null);
        assertThat(there.statusCode()).as("%s of %s", location, operation.id()).isEqualTo(200);
    }

    private static String get(String credential, String path) throws Exception {
        HttpResponse<Buffer> response = server.call(credential, HttpMethod.GET, path, null);
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return response.bodyAsString();
    }

    private static HttpResponse<Buffer> send(String credential, ContractOperation operation, Map<String, String> ids)
            throws Exception {
        Matcher parameter = PARAMETER.matcher(operation.template().substring("/admin/v1".length()));
        String path = parameter.replaceAll(match -> {
            boolean network = operation.id().equals("replacePartnerConnector");
            String id = ids.get(network ? "networkPartner" : match.group(1));
            assertThat(id)
                    .as("nothing for %s of %s", match.group(), operation.id())
                    .isNotNull();
            return id;
        });
        if (operation.id().equals("listPartners")) {
            path += "?domain=network";
        }
        if (operation.requestMediaTypes().contains("text/csv")) {
            return server.upload(credential, path, "text/csv", Buffer.buffer(AdminObjects.CARDS));
        }
        JsonObject body = objects.body(operation);
        return server.call(credential, operation.method(), path, body, "scopes-" + keys++, "\"1\"");
    }
}
