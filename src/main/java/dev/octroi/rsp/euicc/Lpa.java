package dev.octroi.rsp.euicc;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * A local profile assistant: downloads profiles to a card by ES9+, manages them, and delivers the card's
 * notifications. It checks what the standard asks of an LPA and more: TLS only from a CI of the card, the address and
 * OID of the server, the form of every answer, and that the metadata shown is the metadata installed.
 */
public final class Lpa implements AutoCloseable {
    private final VirtualEuicc card;
    private final LpaSettings settings;
    private final Es9Client server;
    private final Consumer<String> beforeStep;
    private final Consumer<DownloadReport.Step> afterStep;

    /** An LPA that trusts the CIs of its card. */
    public Lpa(VirtualEuicc card) {
        this(card, LpaTrust.of(card.ciCertificates()));
    }

    /** An LPA with TLS trust of its own. */
    public Lpa(VirtualEuicc card, SSLContext tls) {
        this(card, tls, LpaSettings.standard());
    }

    /** An LPA with settings of its own. */
    public Lpa(VirtualEuicc card, SSLContext tls, LpaSettings settings) {
        this(card, new Es9Client(tls, settings), settings, step -> {}, step -> {});
    }

    /** An LPA on connections that others use too. */
    Lpa(
            VirtualEuicc card,
            Es9Client server,
            LpaSettings settings,
            Consumer<String> beforeStep,
            Consumer<DownloadReport.Step> afterStep) {
        this.card = requireNonNull(card, "card is null");
        this.settings = requireNonNull(settings, "settings is null");
        this.server = requireNonNull(server, "server is null");
        this.beforeStep = requireNonNull(beforeStep, "beforeStep is null");
        this.afterStep = requireNonNull(afterStep, "afterStep is null");
    }

    /**
     * The same LPA on the same connections, observed.
     *
     * @param observer told the name of each function of ES9+ and ES10b before it is called; what it throws ends the
     *     download there, as when a phone loses its network or its power
     */
    public Lpa observedBy(Consumer<String> observer) {
        return new Lpa(card, server, settings, observer, afterStep);
    }

    /**
     * The same LPA on the same connections, telling of each step of a download when it is done.
     *
     * @param listener told in order
     */
    public Lpa reportingTo(Consumer<DownloadReport.Step> listener) {
        return new Lpa(card, server, settings, beforeStep, listener);
    }

    /** The card. */
    public VirtualEuicc card() {
        return card;
    }

    /** Downloads the profile of an activation code that needs no confirmation code. */
    public DownloadReport download(String activationCode) throws LpaException {
        return download(ActivationCode.parse(activationCode), Optional::empty);
    }

    /**
     * Downloads the profile of an activation code and sends the result of the installation.
     *
     * @param confirmationCode asked when the server wants a code, again after a wrong one; empty gives up
     */
    public DownloadReport download(ActivationCode activationCode, Supplier<Optional<String>> confirmationCode)
            throws LpaException {
        return download(activationCode, EndUser.willing(confirmationCode));
    }

    /** Downloads the profile of an activation code, asking the user, and sends the result of the installation. */
    public DownloadReport download(ActivationCode activationCode, EndUser user) throws LpaException {
        LpaSession session =
                new LpaSession(card, server, activationCode.smdpAddress(), new DownloadLog(beforeStep, afterStep));
        DownloadReport report;
        try {
            report = new LpaDownload(session, activationCode, user).run();
        } catch (LpaException e) {
            if (e.source() == LpaException.Source.CARD) {
                // The card has a result to tell when it refused the package.
                sendNotifications();
            }
            throw e;
        }
        sendNotifications();
        return report;
    }

    /** Enables a profile and delivers what the card has to tell. */
    public void enable(String iccid) throws LpaException {
        check("EnableProfile", card.enable(iccid));
        sendNotifications();
    }

    /** Disables a profile and delivers what the card has to tell. */
    public void disable(String iccid) throws LpaException {
        check("DisableProfile", card.disable(iccid));
        sendNotifications();
    }

    /** Deletes a disabled profile and delivers what the card has to tell. */
    public void delete(String iccid) throws LpaException {
        check("DeleteProfile", card.delete(iccid));
        sendNotifications();
    }

    /**
     * Sends the pending notifications, oldest first. What cannot be delivered stays on the card for a later time, and so
     * does what comes after it for the same address: a server shall hear things in order.
     *
     * @return how many were delivered
     */
    public int sendNotifications() throws LpaException {
        int delivered = 0;
        Set<String> unreachable = new HashSet<>();
        for (PendingNotification notification : card.notifications()) {
            if (!unreachable.contains(notification.address())) {
                if (sendNotification(notification)) {
                    delivered++;
                } else {
                    unreachable.add(notification.address());
                }
            }
        }
        return delivered;
    }

    /** Sends one pending notification and takes it from the card when the server has it; whether it has. */
    public boolean sendNotification(PendingNotification notification) throws LpaException {
        boolean taken = deliver(notification);
        if (taken) {
            card.removeNotification(notification.sequenceNumber());
        }
        return taken;
    }

    private boolean deliver(PendingNotification notification) throws LpaException {
        for (int attempt = 1; ; attempt++) {
            beforeStep.accept("handleNotification");
            try {
                server.tell(
                        notification.address(),
                        "handleNotification",
                        Es9Client.request()
                                .put(
                                        "pendingNotification",
                                        Es9Client.base64(notification.message().raw())));
                return true;
            } catch (LpaException e) {
                if (attempt >= settings.notificationAttempts()) {
                    return false;
                }
            }
            try {
                Thread.sleep(settings.retryPause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LpaException(LpaException.Source.NETWORK, "handleNotification", "interrupted");
            }
        }
    }

    private static void check(String function, int result) throws LpaException {
        String problem = switch (result) {
            case 0 -> "";
            case 1 -> "no such profile";
            case 2 -> "the profile is not in the state for this";
            case 3 -> "the profile's policy rules forbid it";
            default -> "error " + result;
        };
        if (!problem.isEmpty()) {
            throw new LpaException(LpaException.Source.CARD, function, problem);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
