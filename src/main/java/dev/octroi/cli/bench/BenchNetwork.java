package dev.octroi.cli.bench;

import dev.octroi.access.Partner;
import dev.octroi.access.Partners;
import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DayZone;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Validity;
import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.Ids;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.PartnerTrust;
import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TlsMaterial;
import dev.octroi.pki.TrustDomain;
import dev.octroi.quota.AccountStore;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.secret.Keyring;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.sqlclient.Pool;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A network as the gateways of a folder and of a database know it: a partner with a certificate, and accounts. */
final class BenchNetwork implements AutoCloseable {
    private static final int TENANT = 1;
    private static final int LINKS_AT_ONCE = 10_000;
    private static final int TIMEOUT_MS = 60_000;

    private final Clock clock = Clock.systemUTC();
    private final SecureRandom random = new SecureRandom();
    private final Vertx vertx;
    private final DatabaseConfig config;
    private final Pool owner;
    private final BenchStore store;
    private final BlindIndex index;
    private final TlsFiles partner;
    private final long template;

    /**
     * Registers the partner.
     *
     * @param directory the gateways' data, with their keys
     * @param operations what the partner may do
     * @param quotaBytes the volume of each account
     */
    BenchNetwork(Vertx vertx, Path directory, DatabaseConfig config, Set<String> operations, long quotaBytes)
            throws Exception {
        this.vertx = vertx;
        this.config = config;
        this.owner = BenchPools.owner(vertx, config, 1);
        this.store = new BenchStore(owner);
        this.index = new BlindIndex(Keyring.open(directory, random));
        Ids ids = new Ids(clock, random);
        AccountKey key = new AccountKey(TENANT, ids.next(0));
        this.template = key.accountId();
        DevPki pki = DevPki.ensure(directory.resolve("pki"), clock, random);
        this.partner = pki.domain(TrustDomain.NETWORK).client("bench");
        Database database = new Database(vertx, config, 2, TIMEOUT_MS);
        Partners partners = new Partners(database, PartnerTrust.load(pki.trust(TrustDomain.NETWORK), clock), clock);
        Partner registered =
                new Partner(0, ids.next(), TrustDomain.NETWORK, "bench", operations, List.of(), Optional.empty());
        TlsMaterial material = TlsMaterial.read(partner, clock);
        Instant now = clock.instant();
        BenchPools.await(database.inWorker(connection -> new AccountStore()
                .open(connection, new NewAccount(key, key.accountId(), terms(quotaBytes), ZoneOffset.UTC, now))
                .compose(done -> partners.register(
                        connection, registered, material.chain().getFirst()))));
        BenchPools.await(database.close());
    }

    /** Opens accounts with the numbers from first to last, both included, each with the IMSI of its number. */
    void open(int first, int last) throws Exception {
        BenchPools.await(store.copyAccounts(template, first, last));
        for (int from = first; from <= last; from += LINKS_AT_ONCE) {
            int count = Math.min(LINKS_AT_ONCE, last - from + 1);
            Buffer[] hashes = new Buffer[count];
            Long[] accounts = new Long[count];
            for (int i = 0; i < count; i++) {
                hashes[i] = Buffer.buffer(index.network(IdentifierKind.IMSI, imsi(from + i)));
                accounts[i] = BenchStore.accountId(from + i);
            }
            BenchPools.await(store.link(hashes, accounts));
        }
        BenchPools.await(store.analyze());
    }

    /** The IMSI of an account by its number. */
    static String imsi(int account) {
        String digits = Integer.toString(account);
        return "001010000000000".substring(0, 15 - digits.length()) + digits;
    }

    /** A plan of a year that stops when its volume is used. */
    static PlanTerms terms(long quotaBytes) {
        return new PlanTerms(
                PlanTerms.SCHEMA,
                "bench",
                quotaBytes,
                Validity.days(366, Validity.StartMode.ON_ORDER),
                new AfterQuota.Stop(),
                PlanTerms.DEFAULT_WARN_AT_PERCENT,
                List.of(),
                DrainPolicy.NOTIFY,
                DayZone.UTC);
    }

    /** What a client needs to call as the partner. */
    HttpClientOptions client() {
        return new HttpClientOptions()
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(partner.chain().toString())
                        .setKeyPath(partner.key().toString()));
    }

    BenchStore store() {
        return store;
    }

    /** Where the database is, for a reference with a client of its own. */
    DatabaseConfig config() {
        return config;
    }

    /** Connections of the schema's owner, for a reference. */
    Pool pool(int connections) {
        return BenchPools.owner(vertx, config, connections);
    }

    @Override
    public void close() {
        owner.close().toCompletionStage().toCompletableFuture().join();
    }
}
