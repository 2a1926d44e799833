package dev.octroi.api.admin;

import dev.octroi.db.Ids;
import dev.octroi.http.Cursors;
import dev.octroi.http.OperationHandler;
import dev.octroi.rsp.stock.ProfileStock;
import java.util.Map;

/** The operations of the admin API on profile types, batches and stock, by operationId. */
final class ProfileApi {
    private ProfileApi() {}

    /** The handlers, for {@link AdminApi}. */
    static Map<String, OperationHandler> handlers(AdminCalls calls, ProfileStock stock, Cursors cursors, Ids ids) {
        return Map.of(
                "listProfileTypes", new ListProfileTypesHandler(calls, stock.types(), cursors),
                "createProfileType", new CreateProfileTypeHandler(calls, stock.types(), ids),
                "getProfileType", new GetProfileTypeHandler(calls, stock.types()),
                "replaceProfileType", new ReplaceProfileTypeHandler(calls, stock.types()),
                "retireProfileType", new RetireProfileTypeHandler(calls, stock.types()),
                "importProfiles", new ImportProfilesHandler(calls, stock.imports()),
                "listProfiles", new ListProfilesHandler(calls, stock.inventory(), cursors),
                "countProfiles", new CountProfilesHandler(calls, stock.inventory()),
                "retireStock", new RetireStockHandler(calls, stock.types(), stock.retirements()));
    }
}
