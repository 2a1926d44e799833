package dev.octroi.app;

import dev.octroi.notice.MailAddress;
import dev.octroi.notice.MailTerms;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The settings of mail to travellers. */
final class MailSettings {
    private static final int SUBMISSION = 587;
    private static final int MAX_PORT = 65_535;
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
        if (host.isEmpty()) {
            return Optional.empty();
        }
        if (user.isPresent() != password.isPresent()) {
            throw new SettingsException("mail.user and mail.password are set together or not at all");
        }
        if (user.isPresent() && security == MailTerms.Security.OFF) {
            throw new SettingsException("mail.tls is off, and mail.password would cross the network in clear");
        }
        String sender = from.filter(MailSettings::isSender)
                .orElseThrow(
                        () -> new SettingsException(
                                "setting mail.from wants an address, such as notices@shop.example or Shop <notices@shop.example>"));
        Optional<MailTerms.Login> login = user.flatMap(name -> password.map(word -> new MailTerms.Login(name, word)));
        return Optional.of(new MailTerms(host.get(), port, sender, security, authority, login));
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
