package dev.octroi.api.operator;

import static java.util.Objects.requireNonNull;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.usage.LocationIntake;
import io.vertx.core.Future;

/** {@code POST /network/v1/locations}. */
public final class ReportLocationsHandler implements OperationHandler {
    private final LocationIntake intake;

    public ReportLocationsHandler(LocationIntake intake) {
        this.intake = requireNonNull(intake, "intake is null");
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return intake.locations(Answers.feed(call), Lines.of(call))
                .map(Answers::results)
                .recover(Answers::busy);
    }
}
