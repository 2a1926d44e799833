package dev.octroi.notice;

import static java.util.Objects.requireNonNull;

import dev.octroi.notice.words.NoticeText;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.SMTPException;
import io.vertx.ext.mail.StartTLSOptions;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Hands mail to the server that is set; few connections, and none that is waited for without end. */
final class Mailer {
    /** Never is more than this handed over at once, so that nothing waits in a queue while its time runs out. */
    static final int CONNECTIONS = 4;

    /** Beside the longest silence: what connecting and all answers before the last may take. */
    private static final Duration TALK = Duration.ofMinutes(2);

    private static final int CONNECT_MS = 10_000;
    private static final int KEEP_SECONDS = 60;

    /**
     * What a server says of nobody but the recipient (RFC 3463 §3.2 and §3.3, RFC 7505 §4): no such mailbox, domain, or syntax; moved; a
     * domain without mail; disabled. All else at RCPT may be about us: a relay that lost our address or cannot resolve our own domain says
     * 5xx to every recipient, and a full mailbox is emptied some day.
     */
    private static final Pattern NO_RECIPIENT =
            Pattern.compile("^5[0-9]{2}[ -]5\\.(?:1\\.(?:1|2|3|6|10)|2\\.1)(?![0-9.])");

    /** What the client says of a refusal that answered RCPT. */
    private static final String RECIPIENT = "recipient address not accepted";

    private final MailTerms terms;
    private final MailClient client;

    /**
     * A mail.
     *
     * @param to whom
     * @param id what it is known by, the same each time it is sent
     * @param stop the address that ends all messages by one POST (RFC 8058)
     */
    record Mail(MailAddress to, String id, NoticeText text, Locale language, String stop) {}

    /** What became of a mail. */
    enum Result {
        /** The server has it. */
        TAKEN,
        /** It does not, and may later. */
        LATER,
        /** There was no server to talk to. */
        UNREACHED,
        /** It fell silent, and may have it or not. */
        UNSURE,
        /** The recipient will never get one. */
        REFUSED
    }

    /** @param why in words without anybody's name, where it was not taken */
    record Outcome(Result result, String why) {}

    Mailer(Vertx vertx, MailTerms terms) {
        this.terms = requireNonNull(terms, "terms is null");
        this.client = MailClient.create(vertx, config(terms));
    }

    private static MailConfig config(MailTerms terms) {
        MailConfig config = new MailConfig(terms.host(), terms.port())
                .setOwnHostname(terms.domain())
                .setStarttls(
                        terms.security() == MailTerms.Security.REQUIRED
                                ? StartTLSOptions.REQUIRED
                                : StartTLSOptions.DISABLED)
                .setSsl(terms.security() == MailTerms.Security.IMPLICIT)
                .setHostnameVerificationAlgorithm("HTTPS")
                .setLogin(LoginOption.DISABLED)
                .setMaxPoolSize(CONNECTIONS)
                .setKeepAliveTimeout(KEEP_SECONDS)
                .setKeepAliveTimeoutUnit(TimeUnit.SECONDS)
                .setConnectTimeout(CONNECT_MS)
                .setIdleTimeout(Math.toIntExact(terms.silence().toSeconds()))
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        terms.authority()
                .ifPresent(file -> config.setTrustOptions(
                        new PemTrustOptions().addCertPath(file.toAbsolutePath().toString())));
        terms.login()
                .ifPresent(login -> config.setLogin(LoginOption.REQUIRED)
                        .setUsername(login.user())
                        .setPassword(login.password()));
        return config;
    }

    /** Sends; never fails. */
    Future<Outcome> send(Mail mail) {
        MailMessage message = new MailMessage()
                .setFrom(terms.from())
                .setTo(mail.to().reveal())
                .setSubject(mail.text().subject())
                .setText(mail.text().body())
                .addHeader("Message-ID", "<" + mail.id() + "@" + terms.domain() + ">")
                .addHeader("Auto-Submitted", "auto-generated")
                .addHeader("Content-Language", mail.language().getLanguage())
                .addHeader("List-Unsubscribe", "<" + mail.stop() + ">")
                .addHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        long begun = System.nanoTime();
        return Future.succeededFuture()
                .compose(ready -> client.sendMail(message))
                .timeout(terms.silence().plus(TALK).toSeconds(), TimeUnit.SECONDS)
                .map(new Outcome(Result.TAKEN, ""))
                .otherwise(failure -> outcome(failure, Duration.ofNanos(System.nanoTime() - begun)));
    }

    /** A server's words repeat the address, so only its number is kept. */
    private Outcome outcome(Throwable failure, Duration took) {
        if (failure instanceof SMTPException refused) {
            boolean isOfRecipient = String.valueOf(refused.getMessage()).startsWith(RECIPIENT)
                    && NO_RECIPIENT
                            .matcher(String.valueOf(refused.getReplyMessage()))
                            .find();
            return new Outcome(isOfRecipient ? Result.REFUSED : Result.LATER, "SMTP " + refused.getReplyCode());
        }
        boolean isSilence = took.compareTo(terms.silence()) >= 0;
        return new Outcome(
                isSilence ? Result.UNSURE : Result.UNREACHED, failure.getClass().getSimpleName());
    }

    Future<Void> close() {
        return client.close();
    }
}
