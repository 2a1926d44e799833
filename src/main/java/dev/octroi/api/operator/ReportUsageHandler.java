package dev.octroi.api.operator;

import static java.util.Objects.requireNonNull;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.usage.UsageIntake;
import io.vertx.core.Future;

/** {@code POST /network/v1/usage-records}. */
public final class ReportUsageHandler implements OperationHandler {
    private final UsageIntake intake;

    public ReportUsageHandler(UsageIntake intake) {
        this.intake = requireNonNull(intake, "intake is null");
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return intake.usage(Answers.feed(call), Lines.of(call))
                .map(Answers::results)
                .recover(Answers::busy);
    }
}
