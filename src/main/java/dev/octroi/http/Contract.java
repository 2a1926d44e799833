package dev.octroi.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.List;

/**
 * One surface's OpenAPI 3.1 contract, {@code openapi/{name}.yaml} on the class path: the source of its routes, of the
 * validation of requests (and, in tests, of responses) and of the published document. A file names shared parts as
 * {@code common.yaml#/components/...}; they are joined in here, so that the published document stands alone.
 */
public final class Contract {

    private final String name;
    private final JsonObject document;
    private final List<ContractOperation> operations;
    private final OpenAPIContract validated;

    private Contract(String name, JsonObject document, List<ContractOperation> operations, OpenAPIContract validated) {
        this.name = name;
        this.document = document;
        this.operations = operations;
        this.validated = validated;
    }

    /** Reads and checks a contract; fails when the file is missing or is not a valid OpenAPI 3.1 document. */
    public static Future<Contract> load(Vertx vertx, String name) {
        try {
            JsonObject document = ContractReader.read(name);
            List<ContractOperation> operations = ContractReader.operations(document);
            return OpenAPIContract.from(vertx, ContractReader.trim(document))
                    .map(validated -> new Contract(name, document, operations, validated));
        } catch (RuntimeException e) {
            return Future.failedFuture(new IllegalStateException("contract " + name + ": " + e.getMessage(), e));
        }
    }

    /** The file's name without its ending, such as {@code reseller}. */
    public String name() {
        return name;
    }

    /** The whole document with the shared components joined in. */
    public JsonObject document() {
        return document.copy();
    }

    /** The whole document as YAML. */
    public String toYaml() {
        return ContractReader.toYaml(document);
    }

    /** All operations in the order of the file. */
    public List<ContractOperation> operations() {
        return operations;
    }

    /** The trimmed contract that requests are validated against. */
    OpenAPIContract validated() {
        return validated;
    }
}
