package dev.octroi.callback;

import dev.octroi.callback.call.CallbackClient;
import dev.octroi.callback.connector.IdentifierSource;
import dev.octroi.callback.message.MessageSender;
import dev.octroi.callback.network.PolicySender;
import dev.octroi.callback.outbox.Attempt;
import dev.octroi.callback.outbox.ClaimedRow;
import dev.octroi.callback.outbox.Sender;
import dev.octroi.callback.outbox.Stream;
import dev.octroi.callback.outbox.Verdict;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** Sends each row in the way of its stream, and judges the answer. Holds no database connection while it does. */
final class StreamSender implements Sender {
    private final PolicySender policies;
    private final MessageSender messages;
    private final Verdict verdict;
    private final InstantSource clock;

    StreamSender(PolicySender policies, MessageSender messages, Verdict verdict, InstantSource clock) {
        this.policies = policies;
        this.messages = messages;
        this.verdict = verdict;
        this.clock = clock;
    }

    @Override
    public Future<Attempt> send(ClaimedRow row, Map<Long, IdentifierSource.Identifiers> identifiers) {
        Instant at = clock.instant();
        try {
            Future<Attempt> sent = row.stream() == Stream.NETWORK
                    ? policies.send(row, () -> subject(row, identifiers), at).map(taken -> verdict.of(row, at, taken))
                    : answer(row, identifiers, at).map(got -> verdict.of(row, at, got));
            return sent.otherwise(failure -> verdict.of(row, at, failure));
        } catch (RuntimeException e) {
            return Future.succeededFuture(verdict.of(row, at, e));
        }
    }

    @Override
    public int openBreakers() {
        return messages.openBreakers();
    }

    private Future<CallbackClient.Answer> answer(
            ClaimedRow row, Map<Long, IdentifierSource.Identifiers> identifiers, Instant at) {
        return switch (row.stream()) {
            case ES2 -> messages.operator(row, () -> subject(row, identifiers));
            case WEBHOOK -> messages.webhook(row, at);
            case CHARGING -> messages.networkFunction(row);
            case NETWORK -> throw new IllegalStateException("policies go by connector");
        };
    }

    private static IdentifierSource.Identifiers subject(
            ClaimedRow row, Map<Long, IdentifierSource.Identifiers> identifiers) {
        IdentifierSource.Identifiers subject = identifiers.get(row.key());
        if (subject == null) {
            throw new Verdict.NobodyThereException("the subscription has no profile yet");
        }
        return subject;
    }
}
