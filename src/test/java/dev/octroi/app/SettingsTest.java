package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.notice.MailTerms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @Test
    void everyDefaultIsPinned() {
        assertThat(Settings.load(SettingsSource.empty()).described())
                .containsExactly(
                        Map.entry("data.dir", "var"),
                        Map.entry("crypto.native", "true"),
                        Map.entry("database.url", ""),
                        Map.entry("database.user", "postgres"),
                        Map.entry("database.password", ""),
                        Map.entry("database.rolePassword", ""),
                        Map.entry("database.tls", "false"),
                        Map.entry("database.ca", ""),
                        Map.entry("database.poolSize", "4"),
                        Map.entry("database.statementTimeoutMs", "5000"),
                        Map.entry("listener.public.host", "0.0.0.0"),
                        Map.entry("listener.public.port", "8443"),
                        Map.entry("listener.device.host", "0.0.0.0"),
                        Map.entry("listener.device.port", "8444"),
                        Map.entry("listener.operator.host", "0.0.0.0"),
                        Map.entry("listener.operator.port", "8445"),
                        Map.entry("listener.charging.host", "0.0.0.0"),
                        Map.entry("listener.charging.port", ""),
                        Map.entry("listener.management.host", "127.0.0.1"),
                        Map.entry("listener.management.port", "9464"),
                        Map.entry("public.url", ""),
                        Map.entry("rsp.smdpAddress", ""),
                        Map.entry("rsp.reuseDeleted", "true"),
                        Map.entry("rsp.certificates", ""),
                        Map.entry("rsp.oid", ""),
                        Map.entry("rsp.certificatePoll", "PT30S"),
                        Map.entry("rsp.crlGrace", "PT168H"),
                        Map.entry("rsp.transportKeys", ""),
                        Map.entry("access.tokenLife", "PT10M"),
                        Map.entry("access.selfCareLinkLife", "PT1440H"),
                        Map.entry("limits.readsPerMinute", "12000"),
                        Map.entry("limits.writesPerMinute", "6000"),
                        Map.entry("limits.failedTriesPerMinute", "300"),
                        Map.entry("limits.devicePerMinute", "6000"),
                        Map.entry("limits.linkPerMinute", "600"),
                        Map.entry("usage.latenessHorizon", "PT72H"),
                        Map.entry(
                                "usage.lanes",
                                Integer.toString(
                                        Math.min(32, Runtime.getRuntime().availableProcessors()))),
                        Map.entry("policy.dwell", "PT1M"),
                        Map.entry("changes.approvalAbove", "100"),
                        Map.entry("changes.approvalLife", "PT24H"),
                        Map.entry("changes.undeliveredAfter", "PT1M"),
                        Map.entry("radius.clients", ""),
                        Map.entry("radius.host", "0.0.0.0"),
                        Map.entry("radius.port", "1813"),
                        Map.entry("files.folders", ""),
                        Map.entry("files.settle", "PT10S"),
                        Map.entry("files.maxMegabytes", "4096"),
                        Map.entry("kafka.topics", ""),
                        Map.entry("callback.scheduleScale", "1.0"),
                        Map.entry("callback.allowLoopback", "false"),
                        Map.entry("callback.networkUrl", ""),
                        Map.entry("callback.es2Url", ""),
                        Map.entry("callback.repairAfter", "PT30S"),
                        Map.entry("callback.escalateAfter", "PT15M"),
                        Map.entry("callback.readEvery", "PT15M"),
                        Map.entry("charging.largestGrantBytes", "50000000"),
                        Map.entry("charging.smallestGrantBytes", "1000000"),
                        Map.entry("charging.validity", "PT15M"),
                        Map.entry("charging.topUpUrl", ""),
                        Map.entry("mail.host", ""),
                        Map.entry("mail.port", "587"),
                        Map.entry("mail.from", ""),
                        Map.entry("mail.tls", "required"),
                        Map.entry("mail.ca", ""),
                        Map.entry("mail.user", ""),
                        Map.entry("mail.password", ""),
                        Map.entry("mail.silence", "PT5M"),
                        Map.entry("smdp.url", ""),
                        Map.entry("smdp.requesterId", "octroi"),
                        Map.entry("smdp.certificate", ""),
                        Map.entry("smdp.key", ""),
                        Map.entry("smdp.profileType", "octroi-travel"),
                        Map.entry("smdp.address", ""),
                        Map.entry("smdp.timeoutMs", "10000"),
                        Map.entry("es2.trust", ""),
                        Map.entry("es2.revocations", ""),
                        Map.entry("stop.drain", "PT0S"),
                        Map.entry("stop.grace", "PT10S"));
    }

    @Test
    void mailWantsASenderAndGivesNoPasswordInClear() {
        SettingsSource mail = SettingsSource.empty()
                .set("public.url=https://octroi.example")
                .set("mail.host=relay.example")
                .set("mail.from=Shop <notices@shop.example>");
        assertThat(Settings.load(mail).mail().orElseThrow().security()).isEqualTo(MailTerms.Security.REQUIRED);
        for (String wrong : List.of(
                "mail.from=notices",
                "mail.from=Shop <notices@shop.example>, x@y.example",
                "mail.from=",
                "mail.tls=never",
                "mail.user=octroi",
                "mail.password=secret")) {
            SettingsSource source = SettingsSource.empty()
                    .set("public.url=https://octroi.example")
                    .set("mail.host=relay.example")
                    .set("mail.from=notices@shop.example")
                    .set(wrong);
            assertThatThrownBy(() -> Settings.load(source)).as(wrong).isInstanceOf(SettingsException.class);
        }
        SettingsSource login = mail.set("mail.user=octroi").set("mail.password=secret");
        Settings settings = Settings.load(login);
        assertThat(settings.described().get("mail.password")).isEqualTo("(set)");
        assertThat(settings.mail().orElseThrow().toString()).doesNotContain("secret");
        assertThatThrownBy(() -> Settings.load(login.set("mail.tls=off"))).hasMessageContaining("in clear");
    }

    @Test
    void linksInMailsLeadSomewhereAndCrossNoNetworkInClear() {
        SettingsSource nowhere = mailTo("relay.example");
        assertThatThrownBy(() -> Settings.load(nowhere))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("public.url");
        for (String far : List.of("relay.example", "localhost.example", "10.0.0.1", "127.0.0.1.example")) {
            SettingsSource clear =
                    mailTo(far).set("public.url=https://octroi.example").set("mail.tls=off");
            assertThatThrownBy(() -> Settings.load(clear)).as(far).hasMessageContaining("only to localhost");
        }
        for (String here : List.of("localhost", "127.0.0.1", "::1")) {
            SettingsSource clear =
                    mailTo(here).set("public.url=https://octroi.example").set("mail.tls=off");
            assertThat(Settings.load(clear).mail()).as(here).isPresent();
        }
    }

    @Test
    void authorityOfTheMailServerIsReadAtTheStartAndNotWithEachMail(@TempDir Path folder) throws Exception {
        SettingsSource mail = mailTo("relay.example").set("public.url=https://octroi.example");
        Path text = Files.writeString(folder.resolve("ca.pem"), "no certificate");
        for (Path wrong : List.of(folder.resolve("none.pem"), folder, text)) {
            assertThatThrownBy(() -> Settings.load(mail.set("mail.ca=" + wrong)))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("mail.ca");
        }
    }

    private static SettingsSource mailTo(String host) {
        return SettingsSource.empty().set("mail.host=" + host).set("mail.from=notices@shop.example");
    }

    @Test
    void everySettingIsDocumentedWithItsDefault() throws Exception {
        Map<String, String> documented = new LinkedHashMap<>();
        Pattern row = Pattern.compile("\\| `([a-z0-9]+\\.[A-Za-z0-9.]+)` \\| ([^|]*)\\|.*");
        for (String line : Files.readAllLines(Path.of("docs/settings.md"))) {
            Matcher found = row.matcher(line);
            if (found.matches()) {
                documented.put(found.group(1), found.group(2).strip());
            }
        }
        Map<String, String> defaults = Settings.load(SettingsSource.empty()).described();
        assertThat(documented).containsOnlyKeys(defaults.keySet());
        documented.forEach((key, said) -> {
            if (said.startsWith("`") && said.endsWith("`") && said.indexOf('`', 1) == said.length() - 1) {
                assertThat(said).as(key).isEqualTo("`" + defaults.get(key) + "`");
            } else if (!key.equals("usage.lanes")) {
                assertThat(defaults.get(key))
                        .as(key + ": another one where nothing is set")
                        .isEmpty();
            }
        });
    }

    @Test
    void laterLayersWin(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("octroi.yaml"), """
                database:
                  poolSize: 4
                  statementTimeoutMs: 900
                listener.public.port: 1
                """);
        Settings settings = Settings.load(SettingsSource.empty()
                .file(file)
                .environment(Map.of("OCTROI_DATABASE_POOLSIZE", "5", "OCTROI_LISTENER_PUBLIC_PORT", "2", "HOME", "x"))
                .set("listener.public.port=3"));
        assertThat(settings.database().poolSize()).isEqualTo(5);
        assertThat(settings.database().statementTimeoutMs()).isEqualTo(900);
        assertThat(settings.publicListener().port()).isEqualTo(3);
    }

    @Test
    void unknownKeyStopsTheStartWithASuggestion() {
        assertThatThrownBy(() -> Settings.load(SettingsSource.empty().set("database.pool=3")))
                .isInstanceOf(SettingsException.class)
                .hasMessage("unknown setting \"database.pool\"; did you mean \"database.url\"?");
        assertThatThrownBy(() -> Settings.load(SettingsSource.empty().set("listner.public.port=3")))
                .hasMessageContaining("did you mean \"listener.public.port\"?");
    }

    @Test
    void valueOutOfRangeNamesTheKeyAndTheRange() {
        assertThatThrownBy(() -> Settings.load(SettingsSource.empty().set("database.poolSize=65")))
                .hasMessage("setting database.poolSize wants a whole number from 1 to 64, not \"65\"");
        assertThatThrownBy(() -> Settings.load(SettingsSource.empty().set("usage.latenessHorizon=3 days")))
                .hasMessageContaining("usage.latenessHorizon wants an ISO 8601 duration");
    }

    @Test
    void addressesThatTravellersAreGivenAreReadToTheLetter() {
        for (String key : new String[] {"rsp.smdpAddress", "smdp.address"}) {
            for (String wrong : new String[] {"https://smdp.example.com", "smdp.example.com/", "smdp_1.example.com"}) {
                assertThatThrownBy(() -> Settings.load(SettingsSource.empty().set(key, wrong)))
                        .hasMessage("setting " + key + " wants a host name, with a port where it is not 443, not \""
                                + wrong + "\"");
            }
        }
        assertThat(Settings.load(SettingsSource.empty().set("rsp.smdpAddress=smdp.example.com:8444"))
                        .smdpAddress())
                .contains("smdp.example.com:8444");
        for (String wrong : new String[] {
            "octroi.example.com", "http://octroi.example.com", "https://octroi.example.com/app", "https://a@b.example"
        }) {
            assertThatThrownBy(() -> Settings.load(SettingsSource.empty().set("public.url", wrong)))
                    .hasMessageContaining("setting public.url wants");
        }
        for (String right : new String[] {"https://octroi.example.com:8443", "https://octroi.example.com:8443/"}) {
            assertThat(Settings.load(SettingsSource.empty().set("public.url", right))
                            .publicAddress())
                    .isEqualTo("https://octroi.example.com:8443");
        }
    }

    @Test
    void listsAndEmptyKeysOfAFileAreWhatTheyLookLike(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("octroi.yaml"), """
                es2:
                  trust: roots.pem
                  revocations: [a.crl, b.crl]
                rsp.certificates:
                """);
        Settings settings = Settings.load(SettingsSource.empty().file(file));
        assertThat(settings.es2().revocations()).containsExactly(Path.of("a.crl"), Path.of("b.crl"));
        assertThat(settings.certificates().folder()).isEmpty();
        for (String wrong : new String[] {"- database.url", "database.url", "es2.revocations: [[a.crl]]"}) {
            Files.writeString(file, wrong);
            assertThatThrownBy(() -> SettingsSource.empty().file(file)).isInstanceOf(SettingsException.class);
        }
        for (String nothing : new String[] {"", "# later\n", "---\n"}) {
            Files.writeString(file, nothing);
            Settings.load(SettingsSource.empty().file(file));
        }
    }

    @Test
    void certificateForTheSmDpWithoutItsKeyIsRefused() {
        assertThatThrownBy(() -> Settings.load(SettingsSource.empty().set("smdp.certificate=client.pem")))
                .hasMessage("smdp.certificate and smdp.key are set together or not at all");
    }

    @Test
    void variablesOfKubernetesAreNoSettings() {
        Settings settings = Settings.load(SettingsSource.empty()
                .environment(Map.of(
                        "OCTROI_SERVICE_HOST", "10.0.0.7",
                        "OCTROI_SERVICE_PORT", "8443",
                        "OCTROI_SERVICE_PORT_PUBLIC", "8443",
                        "OCTROI_PORT", "tcp://10.0.0.7:8443",
                        "OCTROI_PORT_8443_TCP", "tcp://10.0.0.7:8443",
                        "OCTROI_PORT_8443_TCP_ADDR", "10.0.0.7",
                        "OCTROI_DEVICE_SERVICE_HOST", "10.0.0.8",
                        "OCTROI_RADIUS_PORT", "udp://10.0.0.8:1813",
                        "OCTROI_LISTENER_PUBLIC_PORT", "9443")));
        assertThat(settings.radius().port()).isEqualTo(1_813);
        assertThat(settings.publicListener().port()).isEqualTo(9_443);
    }

    @Test
    void levelOfLogsThatIsNoneIsRefused() {
        assertThatThrownBy(() -> SettingsSource.empty().environment(Map.of("OCTROI_LOG_LEVEL", "verbose")))
                .hasMessageContaining("OCTROI_LOG_LEVEL wants one of");
        SettingsSource.empty().environment(Map.of("OCTROI_LOG_LEVEL", "warn"));
    }

    @Test
    void passwordIsNeverDescribed() {
        Settings settings = Settings.load(SettingsSource.empty().set("database.password=hunter2"));
        assertThat(settings.described().toString()).doesNotContain("hunter2");
        assertThat(settings.database().password()).contains("hunter2");
    }
}
