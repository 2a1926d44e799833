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
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every operation of the admin API against credentials that lack something. */
class AdminScopesTest {

    @Test
    void everyOperationNeedsItsScopeAndNoTenantReachesAnother(@TempDir Path folder) throws Exception {
        AdminServer server = new AdminServer(folder);
        try {
            Contract contract = AdminServer.await(Contract.load(server.vertx, "admin"));
            Set<String> all = scopes(contract);
            for (ContractOperation operation : contract.operations()) {
                assertThat(operation.security()).as(operation.id()).hasSize(1);
                List<String> needed = operation.security().getFirst().get("bearer");
                assertThat(needed).as(operation.id()).isNotEmpty();
                String without =
                        all.stream().filter(scope -> !needed.contains(scope)).collect(Collectors.joining(" "));
                assertThat(status(server, "0/root/" + without, operation))
                        .as("%s without %s", operation.id(), needed)
                        .isEqualTo(403);
                // Tenant 9 with every scope, on the objects of tenant 1 in the path: never a success.
                assertThat(status(server, "9/nine/" + String.join(" ", all), operation))
                        .as("%s by another tenant", operation.id())
                        .isIn(operation.template().contains("{") ? Set.of(400, 404) : Set.of(200, 400, 403));
            }
        } finally {
            server.close();
        }
    }

    private static Set<String> scopes(Contract contract) {
        Set<String> all = new TreeSet<>();
        for (ContractOperation operation : contract.operations()) {
            operation.security().forEach(each -> each.values().forEach(all::addAll));
        }
        return all;
    }

    private static int status(AdminServer server, String credential, ContractOperation operation) throws Exception {
        String path = operation.template().substring("/admin/v1".length());
        for (Map.Entry<String, String> value : Map.of(
                        "tenantId", "ten_0000000000001",
                        "clientId", "cli_0123456789abcdef",
                        "subscriptionId", "sub_0HZ4K2M7Q9R3T",
                        "caseId", "case_0HZ4K2M7Q9R3T",
                        "recordId", "qrn_0HZ4K2M7Q9R3T",
                        "planId", "plan_0HZ4K2M7Q9R3T",
                        "changeId", "chg_0HZ4K2M7Q9R3T",
                        "owner", "reseller",
                        "profileType", "operator-travel",
                        "batch", "batch-7")
                .entrySet()) {
            path = path.replace("{" + value.getKey() + "}", value.getValue());
        }
        HttpMethod method = operation.method();
        if (operation.requestMediaTypes().contains("text/csv")) {
            return server.upload(credential, path, "text/csv", Buffer.buffer("iccid,imsi,k\n"))
                    .statusCode();
        }
        boolean body = operation.bodyKind() != ContractOperation.BodyKind.NONE;
        HttpResponse<Buffer> response =
                server.call(credential, method, path, body ? new JsonObject() : null, operation.id(), "\"0\"");
        return response.statusCode();
    }
}
