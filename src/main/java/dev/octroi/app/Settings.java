package dev.octroi.app;

import dev.octroi.notice.MailTerms;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.GrantTerms;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All settings of the gateway, read once at start. An unknown key, a value out of its range or of the wrong form stops
 * the start with a message that names the key.
 *
 * @param dataDirectory where everything the gateway keeps on disk lives (setting {@code data.dir})
 * @param nativeCrypto whether native code may compute on elliptic curves where it runs on this machine
 * @param charging where SMF and PCF call the charging function over HTTP/2; empty: nowhere
 * @param reuseDeleted whether a profile that its card reported as deleted may be released again by a reset
 * @param kafkaTopics the file of the Kafka topics that carry usage records; empty: none
 * @param mail where messages to travellers leave; empty: none are sent
 * @param transportKeys file of the keys under which operators encrypt K and OPc of their batches; empty: none
 */
public record Settings(
        Path dataDirectory,
        boolean nativeCrypto,
        DatabaseSettings database,
        ListenerSettings publicListener,
        ListenerSettings device,
        ListenerSettings operator,
        Optional<ListenerSettings> charging,
        ListenerSettings management,
        Optional<String> publicUrl,
        Optional<String> smdpAddress,
        boolean reuseDeleted,
        CertificateSettings certificates,
        Optional<Path> transportKeys,
        AccessSettings access,
        LimitSettings limits,
        UsageSettings usage,
        ChangeSettings changes,
        RadiusSettings radius,
        FileFeedSettings files,
        Optional<Path> kafkaTopics,
        CallbackSettings callback,
        ChargingSettings chargingFunction,
        Optional<MailTerms> mail,
        SmDpSettings smdp,
        Es2Settings es2,
        Duration stopDrain,
        Duration stopGrace,
        Map<String, String> described) {
    /**
     * @param url {@code postgresql://host:port/database}; empty: the embedded server is started
     * @param user the role that owns the schema
     * @param password its password
     * @param rolePassword what the passwords of the gateway's own roles are made from; empty: the owner's
     * @param tls whether the server has to prove who it is
     * @param authority certificates (PEM) that its own leads to; empty: the public authorities
     * @param poolSize connections for each of the two roles, shared out among the event loops, of which each has two at
     *     least. More do not make a database faster: each is a process with plans and caches of its own, which push
     *     each other out of the processor's
     */
    public record DatabaseSettings(
            Optional<String> url,
            String user,
            Optional<String> password,
            Optional<String> rolePassword,
            boolean tls,
            Optional<Path> authority,
            int poolSize,
            int statementTimeoutMs) {}

    /** Where a listener binds; port 0 takes any free port. */
    public record ListenerSettings(String host, int port) {}

    /**
     * The certificates of the built-in SM-DP+.
     *
     * @param folder with CI, DPauth, DPpb and TLS certificates, keys and revocation lists; empty: generated
     * @param oid the registered identifier of the server in its certificates; empty: found in the certificates
     * @param poll how often the folder is looked at
     * @param crlGrace how long after their end revocation lists are still believed
     */
    public record CertificateSettings(Optional<Path> folder, Optional<String> oid, Duration poll, Duration crlGrace) {}

    /**
     * @param tokenLife life of an access token
     * @param selfCareLinkLife life of a traveller's magic link; one whose plan has not ended is good beyond that
     */
    public record AccessSettings(Duration tokenLife, Duration selfCareLinkLife) {}

    /**
     * How often one tenant may call the public APIs, and one address what is open to everybody.
     *
     * @param readsPerMinute GET requests
     * @param writesPerMinute all others
     * @param failedTriesPerMinute wrong secrets, links and tokens
     * @param devicePerMinute requests of ES9+
     * @param linkPerMinute requests of one traveller's link, a tenth of which may change something
     */
    public record LimitSettings(
            int readsPerMinute,
            int writesPerMinute,
            int failedTriesPerMinute,
            int devicePerMinute,
            int linkPerMinute) {}

    /**
     * @param latenessHorizon records older than this go to quarantine
     * @param lanes parallel write paths; one for each processor unless said otherwise: more of them only write smaller batches
     * @param dwell how long a restriction that began by itself holds before it ends by itself; below a minute only in tests
     *     and in the demo, and the same on every gateway
     */
    public record UsageSettings(Duration latenessHorizon, int lanes, Duration dwell) {}

    /**
     * Changes of policy over many subscriptions.
     *
     * @param approvalAbove a person may change so many subscriptions within a day without a second one
     * @param approvalLife how long a change waits for approval
     * @param undeliveredAfter how long the network may take to confirm a policy before a roll-out counts it as undelivered
     */
    public record ChangeSettings(int approvalAbove, Duration approvalLife, Duration undeliveredAfter) {}

    /**
     * @param clients the file of the network elements that may send accounting; empty: nothing listens
     * @param host where the accounting port binds
     * @param port UDP; 0 takes any free port
     */
    public record RadiusSettings(Optional<Path> clients, String host, int port) {}

    /**
     * @param folders the file of the folders into which partners put usage files; empty: none is watched
     * @param settle how long a file must not have changed before it is read
     * @param maxMegabytes a longer file is refused
     */
    public record FileFeedSettings(Optional<Path> folders, Duration settle, int maxMegabytes) {}

    /**
     * @param scheduleScale factor on all retry delays; below 1 only in tests and in the demo
     * @param allowLoopback whether webhook addresses on this machine are allowed; only for development
     * @param networkUrl where policies go (the network's endpoint); empty: nowhere
     * @param es2Url where ES2+ progress goes (the operator's endpoint); empty: nowhere
     * @param repairAfter how long the network may leave a policy unconfirmed before its delivery is looked at
     * @param escalateAfter how long before its tenant is told
     * @param readEvery how long after a confirmation a network that can be read is read again
     */
    public record CallbackSettings(
            double scheduleScale,
            boolean allowLoopback,
            Optional<URI> networkUrl,
            Optional<URI> es2Url,
            Duration repairAfter,
            Duration escalateAfter,
            Duration readEvery) {}

    /**
     * The charging function of 3GPP.
     *
     * @param terms how much is promised at a time
     * @param topUpUrl where traffic is redirected to when the volume ends; empty: it ends
     */
    public record ChargingSettings(GrantTerms terms, Optional<URI> topUpUrl) {}

    /**
     * Another SM-DP+ that profiles are ordered from over ES2+.
     *
     * @param url where it is called; empty: profiles are made here
     * @param requesterId the {@code functionRequesterIdentifier} that it knows us by
     * @param certificate our client certificate with its chain (PEM); empty: that of callbacks
     * @param key the key to it (PEM)
     * @param profileType what is asked for
     * @param address of the server in activation codes, where it does not say it; empty: the host of the url
     * @param timeoutMs for one request
     */
    public record SmDpSettings(
            Optional<URI> url,
            String requesterId,
            Optional<Path> certificate,
            Optional<Path> key,
            String profileType,
            Optional<String> address,
            int timeoutMs) {}

    /**
     * Operators and SM-DP+ whose certificates come from elsewhere than our domain {@code sm-dp}.
     *
     * @param trust roots (PEM) that their certificates lead to
     * @param revocations revocation lists (PEM or DER) of all their authorities, separated by commas
     */
    public record Es2Settings(Optional<Path> trust, List<Path> revocations) {}

    /** Reads the settings.
     *
     * @throws SettingsException when a key is unknown or a value unusable
     */
    public static Settings load(SettingsSource source) {
        SettingsReader in = new SettingsReader(source);
        Settings settings = new Settings(
                Path.of(in.text("data.dir", "var")),
                in.flag("crypto.native", true),
                new DatabaseSettings(
                        in.optional("database.url"),
                        in.text("database.user", "postgres"),
                        in.secret("database.password"),
                        in.secret("database.rolePassword"),
                        in.flag("database.tls", false),
                        in.optional("database.ca").map(Path::of),
                        in.integer("database.poolSize", 1, 64, 4),
                        in.integer("database.statementTimeoutMs", 100, 60_000, 5_000)),
                listener(in, "public", "0.0.0.0", 8443),
                listener(in, "device", "0.0.0.0", 8444),
                listener(in, "operator", "0.0.0.0", 8445),
                optionalListener(in, "charging", "0.0.0.0"),
                listener(in, "management", "127.0.0.1", 9464),
                in.origin("public.url"),
                in.smdpAddress("rsp.smdpAddress"),
                in.flag("rsp.reuseDeleted", true),
                new CertificateSettings(
                        in.optional("rsp.certificates").map(Path::of),
                        in.objectId("rsp.oid"),
                        in.duration(
                                "rsp.certificatePoll",
                                Duration.ofSeconds(1),
                                Duration.ofHours(1),
                                Duration.ofSeconds(30)),
                        in.duration("rsp.crlGrace", Duration.ZERO, Duration.ofDays(90), Duration.ofDays(7))),
                in.optional("rsp.transportKeys").map(Path::of),
                new AccessSettings(
                        in.duration("access.tokenLife", Duration.ofMinutes(1), Duration.ofMinutes(15), minutes(10)),
                        in.duration(
                                "access.selfCareLinkLife",
                                Duration.ofMinutes(1),
                                Duration.ofDays(400),
                                Duration.ofDays(60))),
                new LimitSettings(
                        in.integer("limits.readsPerMinute", 1, 10_000_000, 12_000),
                        in.integer("limits.writesPerMinute", 1, 10_000_000, 6_000),
                        in.integer("limits.failedTriesPerMinute", 1, 10_000_000, 300),
                        in.integer("limits.devicePerMinute", 1, 10_000_000, 6_000),
                        in.integer("limits.linkPerMinute", 10, 10_000_000, 600)),
                new UsageSettings(
                        in.duration(
                                "usage.latenessHorizon",
                                Duration.ofHours(1),
                                Duration.ofDays(400),
                                Duration.ofHours(72)),
                        in.integer(
                                "usage.lanes",
                                1,
                                Accounts.MAX_LANES,
                                Math.min(
                                        Accounts.MAX_LANES, Runtime.getRuntime().availableProcessors())),
                        in.duration("policy.dwell", Duration.ofSeconds(1), Duration.ofMinutes(10), minutes(1))),
                new ChangeSettings(
                        in.integer("changes.approvalAbove", 0, 1_000_000, 100),
                        in.duration(
                                "changes.approvalLife", Duration.ofMinutes(1), Duration.ofDays(30), Duration.ofDays(1)),
                        in.duration(
                                "changes.undeliveredAfter",
                                Duration.ofSeconds(1),
                                Duration.ofHours(1),
                                Duration.ofSeconds(60))),
                new RadiusSettings(
                        in.optional("radius.clients").map(Path::of),
                        in.text("radius.host", "0.0.0.0"),
                        in.integer("radius.port", 0, 65_535, 1_813)),
                new FileFeedSettings(
                        in.optional("files.folders").map(Path::of),
                        in.duration(
                                "files.settle", Duration.ofMillis(100), Duration.ofHours(1), Duration.ofSeconds(10)),
                        in.integer("files.maxMegabytes", 1, 1_000_000, 4_096)),
                in.optional("kafka.topics").map(Path::of),
                new CallbackSettings(
                        in.decimal("callback.scheduleScale", 0.0001, 10, 1),
                        in.flag("callback.allowLoopback", false),
                        in.address("callback.networkUrl"),
                        in.address("callback.es2Url"),
                        in.duration(
                                "callback.repairAfter",
                                Duration.ofMillis(100),
                                Duration.ofHours(1),
                                Duration.ofSeconds(30)),
                        in.duration("callback.escalateAfter", Duration.ofSeconds(1), Duration.ofDays(1), minutes(15)),
                        in.duration("callback.readEvery", Duration.ofMillis(100), Duration.ofDays(1), minutes(15))),
                charging(in),
                MailSettings.read(in),
                smdp(in),
                new Es2Settings(
                        in.optional("es2.trust").map(Path::of),
                        in.optional("es2.revocations").stream()
                                .flatMap(text -> Stream.of(text.split(",", -1)))
                                .map(text -> Path.of(text.strip()))
                                .toList()),
                in.duration("stop.drain", Duration.ZERO, Duration.ofMinutes(1), Duration.ZERO),
                in.duration("stop.grace", Duration.ZERO, Duration.ofMinutes(5), Duration.ofSeconds(10)),
                in.described());
        in.refuseUnknown();
        return settings;
    }

    /** Where the public listener is reached, {@code https://} with a host and mostly a port. */
    public String publicAddress() {
        return publicUrl.orElseGet(() -> "https://localhost:" + publicListener.port());
    }

    private static SmDpSettings smdp(SettingsReader in) {
        SmDpSettings settings = new SmDpSettings(
                in.address("smdp.url"),
                in.text("smdp.requesterId", "octroi"),
                in.optional("smdp.certificate").map(Path::of),
                in.optional("smdp.key").map(Path::of),
                in.text("smdp.profileType", "octroi-travel"),
                in.smdpAddress("smdp.address"),
                in.integer("smdp.timeoutMs", 500, 60_000, 10_000));
        if (settings.certificate().isPresent() != settings.key().isPresent()) {
            // With one of them alone the certificate of callbacks would be shown instead, without a word.
            throw new SettingsException("smdp.certificate and smdp.key are set together or not at all");
        }
        return settings;
    }

    private static ChargingSettings charging(SettingsReader in) {
        int largest = in.integer("charging.largestGrantBytes", 10_000, 1_000_000_000, 50_000_000);
        return new ChargingSettings(
                new GrantTerms(
                        in.integer("charging.smallestGrantBytes", 10_000, largest, Math.min(largest, 1_000_000)),
                        largest,
                        in.duration(
                                "charging.validity",
                                Duration.ofMinutes(1),
                                Duration.ofDays(1),
                                Duration.ofMinutes(15))),
                in.address("charging.topUpUrl"));
    }

    private static ListenerSettings listener(SettingsReader in, String name, String host, int port) {
        return new ListenerSettings(
                in.text("listener." + name + ".host", host), in.integer("listener." + name + ".port", 0, 65_535, port));
    }

    /** A listener that runs only where its port is set. */
    private static Optional<ListenerSettings> optionalListener(SettingsReader in, String name, String host) {
        String where = in.text("listener." + name + ".host", host);
        return in.optionalInteger("listener." + name + ".port", 0, 65_535).stream()
                .mapToObj(port -> new ListenerSettings(where, port))
                .findFirst();
    }

    private static Duration minutes(long minutes) {
        return Duration.ofMinutes(minutes);
    }
}
