package dev.octroi.api.operator;

import dev.octroi.http.OperationHandler;
import dev.octroi.usage.LocationIntake;
import dev.octroi.usage.UsageIntake;
import java.util.Map;

/** The handlers of {@code openapi/operator.yaml}. */
public final class OperatorApi {
    /** The security scheme of the contract; checked by {@code access.Partners}. */
    public static final String SCHEME = "partner";

    private OperatorApi() {}

    /** Who serves what, by operationId. */
    public static Map<String, OperationHandler> handlers(UsageIntake usage, LocationIntake locations) {
        return Map.of(
                "reportUsage", new ReportUsageHandler(usage), "reportLocations", new ReportLocationsHandler(locations));
    }
}
