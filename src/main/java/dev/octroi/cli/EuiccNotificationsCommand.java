package dev.octroi.cli;

import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.LpaException;
import dev.octroi.rsp.euicc.PendingNotification;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code octroi euicc notifications}: what the card still has to tell. */
@Command(
        name = "notifications",
        description = "List the notifications that wait on the card, send them, or remove them.",
        mixinStandardHelpOptions = true)
final class EuiccNotificationsCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private LpaOptions options = new LpaOptions();

    @ArgGroup
    private @Nullable Verb verb;

    /** What to do instead of listing. */
    static final class Verb {
        @Option(names = "--send", description = "Send them; what is not taken stays on the card.")
        private boolean send;

        @Option(names = "--remove", description = "Take them from the card unsent: the servers will never hear.")
        private boolean remove;
    }

    @Option(names = "--seq", paramLabel = "N", description = "Only the one with this sequence number.")
    private @Nullable Integer sequenceNumber;

    @Override
    public Integer call() throws IOException {
        if (verb == null) {
            return options.card().run(() -> {
                chosen(options.card().load().notifications()).forEach(this::print);
                return 0;
            });
        }
        if (verb.remove && sequenceNumber == null) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--remove needs --seq N.");
        }
        return verb.send ? send() : options.withLpa(this::remove);
    }

    private List<PendingNotification> chosen(List<PendingNotification> all) throws IOException {
        if (sequenceNumber == null) {
            return all;
        }
        List<PendingNotification> found = all.stream()
                .filter(each -> each.sequenceNumber() == sequenceNumber)
                .toList();
        if (found.isEmpty()) {
            throw new IOException("no notification %d waits on the card".formatted(sequenceNumber));
        }
        return found;
    }

    /** 1 when some of them are still waiting. */
    private int send() throws IOException {
        int[] left = new int[1];
        int result = options.withLpa(lpa -> {
            int wanted = chosen(lpa.card().notifications()).size();
            int sent = send(lpa);
            left[0] = wanted - sent;
            report(lpa, "sent", sent, left[0] == 0);
        });
        return result == 0 && left[0] > 0 ? 1 : result;
    }

    private int send(Lpa lpa) throws LpaException, IOException {
        if (sequenceNumber == null) {
            return lpa.sendNotifications();
        }
        return lpa.sendNotification(chosen(lpa.card().notifications()).getFirst()) ? 1 : 0;
    }

    private void remove(Lpa lpa) throws IOException {
        for (PendingNotification notification : chosen(lpa.card().notifications())) {
            lpa.card().removeNotification(notification.sequenceNumber());
        }
        report(lpa, "removed", 1, true);
    }

    private void report(Lpa lpa, String done, int count, boolean ok) {
        int waiting = lpa.card().notifications().size();
        options.card()
                .print(
                        "%d %s, %d waiting.".formatted(count, done, waiting),
                        EuiccOptions.object().put("ok", ok).put(done, count).put("pendingNotifications", waiting));
    }

    private void print(PendingNotification notification) {
        String event = notification.event().name().toLowerCase(Locale.ROOT);
        options.card()
                .print(
                        "%5d  %-8s %-20s to %s"
                                .formatted(
                                        notification.sequenceNumber(),
                                        event,
                                        notification.iccid(),
                                        notification.address()),
                        EuiccOptions.object()
                                .put("sequenceNumber", notification.sequenceNumber())
                                .put("event", event)
                                .put("iccid", notification.iccid())
                                .put("address", notification.address()));
    }
}
