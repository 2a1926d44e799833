package dev.octroi.api.admin;

import dev.octroi.access.Tenant;
import dev.octroi.db.PublicId;
import io.vertx.core.json.JsonObject;

/** Tenants on the wire. */
final class TenantJson {
    private TenantJson() {}

    static String id(int tenantId) {
        return PublicId.TENANT.format(tenantId);
    }

    static JsonObject write(Tenant tenant) {
        return new JsonObject()
                .put("id", id(tenant.id()))
                .put("slug", tenant.slug())
                .put("name", tenant.name())
                .put("createdAt", tenant.createdAt().toString())
                .put("disabled", tenant.disabled());
    }
}
