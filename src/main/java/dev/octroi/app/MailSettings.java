package dev.octroi.app;

import dev.octroi.notice.MailAddress;
import dev.octroi.notice.MailTerms;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The settings of mail to travellers. */
final class MailSettings {
    private static final int SUBMISSION = 587;
    private static final int MAX_PORT = 65_535;
    /** What is this machine, without a name that others could answer for. */
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(?:\\.[0-9]{1,3}){3}|::1", Pattern.CASE_INSENSITIVE);

    private static final Pattern NAMED = Pattern.compile("[^<>\"\\p{Cntrl}]{1,80} <([^<> ]+)>");

    private MailSettings() {}

    /** How mail leaves; empty where no server is set. */
    static Optional<MailTerms> read(SettingsReader in) {
        Optional<String> host = in.optional("mail.host");
        int port = in.integer("mail.port", 1, MAX_PORT, SUBMISSION);
        Optional<String> from = in.optional("mail.from");
        MailTerms.Security security = security(in.text("mail.tls", "required"));
        Optional<Path> authority = in.optional("mail.ca").map(Path::of);
        Optional<String> user = in.optional("mail.user");
        Optional<String> password = in.secret("mail.password");
        Duration silence =
                in.duration("mail.silence", Duration.ofSeconds(1), Duration.ofMinutes(10), Duration.ofMinutes(5));
        if (host.isEmpty()) {
            return Optional.empty();
        }
        authority.ifPresent(file -> AuthorityFile.check("mail.ca", file));
        if (in.origin("public.url").isEmpty()) {
            throw new SettingsException("mail.host needs public.url: the links in mails lead there");
        }
        if (user.isPresent() != password.isPresent()) {
            throw new SettingsException("mail.user and mail.password are set together or not at all");
        }
        if (security == MailTerms.Security.OFF && user.isPresent()) {
            throw new SettingsException("mail.tls is off, and mail.password would cross the network in clear");
        }
        if (security == MailTerms.Security.OFF && !LOOPBACK.matcher(host.get()).matches()) {
            throw new SettingsException(
                    "mail.tls is off, and links to travellers' pages would cross the network in clear: only to localhost");
        }
        String sender = from.filter(MailSettings::isSender)
                .orElseThrow(
                        () -> new SettingsException(
                                "setting mail.from wants an address, such as notices@shop.example or Shop <notices@shop.example>"));
        Optional<MailTerms.Login> login = user.flatMap(name -> password.map(word -> new MailTerms.Login(name, word)));
        return Optional.of(new MailTerms(host.get(), port, sender, security, authority, login, silence));
    }

    private static MailTerms.Security security(String word) {
        return switch (word) {
            case "required", "implicit", "off" -> MailTerms.Security.valueOf(word.toUpperCase(Locale.ROOT));
            default ->
                throw new SettingsException("setting mail.tls wants required, implicit or off, not \"" + word + "\"");
        };
    }

    private static boolean isSender(String from) {
        Matcher named = NAMED.matcher(from);
        return MailAddress.parse(named.matches() ? named.group(1) : from).isPresent();
    }
}
