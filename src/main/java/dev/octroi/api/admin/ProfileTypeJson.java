package dev.octroi.api.admin;

import dev.octroi.http.ApiCall;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemException;
import dev.octroi.http.ProblemType;
import dev.octroi.rsp.profile.PackageReading;
import dev.octroi.rsp.profile.ProfileTemplate;
import dev.octroi.rsp.type.ProfileTypeStore;
import dev.octroi.rsp.type.StoredType;
import dev.octroi.rsp.type.TypeTerms;
import dev.octroi.rsp.type.TypeTermsJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;

/** Profile types on the wire. */
final class ProfileTypeJson {
    private ProfileTypeJson() {}

    static JsonObject write(StoredType type) {
        return new JsonObject()
                .put("name", type.name())
                .put("version", type.version())
                .put("retired", type.retired())
                .mergeIn(TypeTermsJson.write(type.terms()))
                .put("package", type.facts().write())
                .put("createdAt", type.createdAt().toString())
                .put("updatedAt", type.updatedAt().toString());
    }

    static String location(int tenantId, String name) {
        return "/admin/v1/tenants/" + TenantJson.id(tenantId) + "/profile-types/" + name;
    }

    /** Reads the body of a write that the contract has let through; looks at the package on a worker. */
    static Future<ProfileTypeStore.Draft> read(Vertx vertx, ApiCall call) {
        JsonObject body = call.body();
        TypeTerms terms = terms(body);
        return vertx.executeBlocking(
                () -> switch (ProfileTemplate.inspect(decode(body.getString("package")))) {
                    case PackageReading.Usable usable -> new ProfileTypeStore.Draft(terms, usable.template());
                    case PackageReading.Refused refused ->
                        throw Problem.of(ProblemType.UNPROCESSABLE, "The package cannot be used: " + refused.detail())
                                .withCode(refused.fault().code())
                                .withErrors(List.of(new Problem.Place("#/package", refused.detail())))
                                .toException();
                },
                false);
    }

    private static TypeTerms terms(JsonObject body) {
        try {
            TypeTerms terms = TypeTermsJson.read(body);
            // What the standard wants of metadata is held against an example, before profiles depend on it.
            terms.example();
            return terms;
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private static byte[] decode(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw invalid("the package is not base64");
        }
    }

    private static ProblemException invalid(String detail) {
        return Problem.of(ProblemType.UNPROCESSABLE, detail)
                .withCode("invalid_profile_type")
                .toException();
    }
}
