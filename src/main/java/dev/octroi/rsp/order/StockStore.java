package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.type.Protection;
import dev.octroi.rsp.type.StoredType;
import dev.octroi.secret.Sensitive;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Profiles of operators' batches: writing them as sets, and what is in stock. */
public final class StockStore {
    private static final int MAX_COUNTS = 2_000;

    private final ProfileVault vault;

    public StockStore(ProfileVault vault) {
        this.vault = requireNonNull(vault, "vault is null");
    }

    /** What became of one profile of a batch. */
    public enum Added {
        /** It is there now. */
        NEW,
        /** It was there with the very same values, and with the order of the row if that has one. */
        SAME,
        /** It was there with the very same values, but without the row's order. */
        ORDER_DIFFERS,
        /** Its ICCID belongs to a profile with other values. */
        ICCID_IN_USE,
        /** Its IMSI belongs to another profile. */
        IMSI_IN_USE,
        /** Its matching id belongs to another profile. */
        MATCHING_ID_IN_USE
    }

    /**
     * Writes profiles with their keys; those whose numbers are in use are left out and told. Worker role.
     *
     * @return what became of each, in order
     */
    public Future<List<Added>> add(SqlConnection connection, SealedStock stock, StoredType type, Instant now) {
        OffsetDateTime at = now.atOffset(ZoneOffset.UTC);
        Tuple columns = Tuple.of(stock.tenantId, type.name(), type.id(), type.version());
        columns.addBoolean(type.terms().protection() == Protection.PPK)
                .addInteger(type.terms().downloads())
                .addInteger(type.terms().confirmations())
                .addOffsetDateTime(at);
        Tuple each =
                stock.profileColumns(type.terms().providerName(), type.terms().profileName());
        for (int i = 0; i < each.size(); i++) {
            columns.addValue(each.getValue(i));
        }
        return connection.preparedQuery("""
                        INSERT INTO profile (tenant_id, profile_type, type_id, type_version, protect, download_limit,
                            confirmation_limit, created_at, updated_at, vshard, id, provider_name, profile_name, state,
                            iccid_sealed, iccid_idx, imsi_sealed, imsi_idx, matching_sealed, matching_idx,
                            confirmation_sealed, eid_sealed, eid_idx, eid_reserved, progress_no)
                        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $8, r.vshard, r.id, r.provider, r.name, r.state, r.iccid,
                            r.iccid_idx, r.imsi, r.imsi_idx, r.matching, r.matching_idx, r.code, r.eid, r.eid_idx,
                            r.eid IS NOT NULL, CASE WHEN r.state = 'released' THEN 1 ELSE 0 END
                        FROM unnest($9::smallint[], $10::bigint[], $11::text[], $12::text[], $13::text[], $14::bytea[],
                            $15::bytea[], $16::bytea[], $17::bytea[], $18::bytea[], $19::bytea[], $20::bytea[],
                            $21::bytea[], $22::bytea[])
                            AS r (vshard, id, provider, name, state, iccid, iccid_idx, imsi, imsi_idx, matching,
                                matching_idx, code, eid, eid_idx)
                        ON CONFLICT DO NOTHING RETURNING id
                        """).execute(columns).compose(rows -> {
            Set<Long> written = new HashSet<>();
            rows.forEach(row -> written.add(row.getLong("id")));
            return insertKeys(connection, stock, written)
                    .compose(done -> insertSteps(connection, stock, written, at))
                    .compose(done -> written.size() == stock.entries.size()
                            ? Future.succeededFuture(Map.<ByteBuffer, KnownStock>of())
                            : existing(connection, stock, written))
                    .compose(known -> judge(connection, stock, type, written, known));
        });
    }

    private Future<Void> insertKeys(SqlConnection connection, SealedStock stock, Set<Long> written) {
        return connection.preparedQuery("""
                        INSERT INTO profile_key (tenant_id, vshard, profile_id, keys_sealed)
                        SELECT $1, r.vshard, r.id, r.keys
                        FROM unnest($2::smallint[], $3::bigint[], $4::bytea[]) AS r (vshard, id, keys)
                        """).execute(stock.keyColumns(written)).mapEmpty();
    }

    /** An order that came with the batch begins its timeline with its release. */
    private Future<Void> insertSteps(
            SqlConnection connection, SealedStock stock, Set<Long> written, OffsetDateTime at) {
        Long[] released = stock.entries.stream()
                .filter(entry -> entry.state() == ProfileState.RELEASED && written.contains(entry.id()))
                .map(SealedStock.Entry::id)
                .toArray(Long[]::new);
        if (released.length == 0) {
            return Future.succeededFuture();
        }
        return connection
                .preparedQuery("""
                        INSERT INTO rsp_progress (tenant_id, vshard, profile_id, no, at, step, ok)
                        SELECT $1, r.id & 255, r.id, 1, $3, $4, true FROM unnest($2::bigint[]) AS r (id)
                        """)
                .execute(Tuple.of(stock.tenantId, released, at, ProfileStep.RELEASED.text()))
                .mapEmpty();
    }

    private Future<Map<ByteBuffer, KnownStock>> existing(
            SqlConnection connection, SealedStock stock, Set<Long> written) {
        return connection
                .preparedQuery("""
                        SELECT p.*, k.keys_sealed
                        FROM profile p LEFT JOIN profile_key k
                            ON k.tenant_id = p.tenant_id AND k.vshard = p.vshard AND k.profile_id = p.id
                        WHERE p.iccid_idx = ANY($1::bytea[])
                        """)
                .execute(Tuple.tuple().addArrayOfBuffer(left(stock, written, SealedStock.Entry::iccidIndex)))
                .map(rows -> {
                    Map<ByteBuffer, KnownStock> found = new HashMap<>();
                    for (Row row : rows) {
                        found.put(key(row.getBuffer("iccid_idx")), KnownStock.read(row));
                    }
                    return found;
                });
    }

    private Future<List<Added>> judge(
            SqlConnection connection,
            SealedStock stock,
            StoredType type,
            Set<Long> written,
            Map<ByteBuffer, KnownStock> known) {
        if (written.size() == stock.entries.size()) {
            return Future.succeededFuture(
                    stock.entries.stream().map(entry -> Added.NEW).toList());
        }
        return usedImsis(connection, stock, written).map(imsis -> {
            List<Added> added = new ArrayList<>(stock.entries.size());
            for (int i = 0; i < stock.entries.size(); i++) {
                SealedStock.Entry entry = stock.entries.get(i);
                @Nullable KnownStock other = known.get(key(entry.iccidIndex()));
                if (written.contains(entry.id())) {
                    added.add(Added.NEW);
                } else if (other == null) {
                    added.add(imsis.contains(key(entry.imsiIndex())) ? Added.IMSI_IN_USE : Added.MATCHING_ID_IN_USE);
                } else {
                    added.add(judge(stock, i, type, other));
                }
            }
            return added;
        });
    }

    private Future<Set<ByteBuffer>> usedImsis(SqlConnection connection, SealedStock stock, Set<Long> written) {
        return connection
                .preparedQuery("""
                        SELECT imsi_idx FROM profile WHERE imsi_idx = ANY($1::bytea[])
                        """)
                .execute(Tuple.tuple().addArrayOfBuffer(left(stock, written, SealedStock.Entry::imsiIndex)))
                .map(rows -> {
                    Set<ByteBuffer> used = new HashSet<>();
                    rows.forEach(row -> used.add(key(row.getBuffer("imsi_idx"))));
                    return used;
                });
    }

    private Added judge(SealedStock stock, int index, StoredType type, KnownStock other) {
        SealedStock.Entry entry = stock.entries.get(index);
        NewStock told = stock.clear.get(index);
        if (!other.isSubscriber(vault, stock.tenantId, type.id(), entry, told)) {
            return Added.ICCID_IN_USE;
        }
        return other.isOrder(vault, entry, told) ? Added.SAME : Added.ORDER_DIFFERS;
    }

    private interface Column {
        Buffer of(SealedStock.Entry entry);
    }

    private static Buffer[] left(SealedStock stock, Set<Long> written, Column column) {
        return stock.entries.stream()
                .filter(entry -> !written.contains(entry.id()))
                .map(column::of)
                .toArray(Buffer[]::new);
    }

    private static ByteBuffer key(Buffer bytes) {
        return ByteBuffer.wrap(bytes.getBytes());
    }

    /**
     * How many profiles of a type are in a state.
     *
     * @param profileType the type's name
     * @param state where they are
     * @param count at least 1
     */
    public record Count(String profileType, ProfileState state, long count) {}

    /** The stock of a tenant, by type and state. */
    public Future<List<Count>> counts(SqlConnection connection, int tenantId) {
        return connection
                .preparedQuery("""
                        SELECT profile_type, state, count(*) AS profiles FROM profile WHERE tenant_id = $1
                        GROUP BY profile_type, state ORDER BY profile_type, state LIMIT $2
                        """)
                .execute(Tuple.of(tenantId, MAX_COUNTS))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new Count(
                                row.getString("profile_type"),
                                ProfileState.of(row.getString("state")),
                                row.getLong("profiles")))
                        .toList());
    }

    /**
     * One profile of the inventory.
     *
     * @param id its identifier
     * @param profileType the type's name
     * @param typeVersion the version it was imported with, 0 when it was made here
     * @param iccid its number, to be masked
     * @param status where it is
     * @param createdAt when it came
     */
    public record Listed(
            long id,
            String profileType,
            int typeVersion,
            Sensitive<String> iccid,
            ProfileStatus status,
            Instant createdAt) {}

    /**
     * Profiles of a tenant in the order they came.
     *
     * @param profileType of this type only, or empty for all
     * @param state in this state only, or empty for all
     * @param afterId behind this identifier
     */
    public Future<List<Listed>> list(
            SqlConnection connection, int tenantId, String profileType, String state, long afterId, int limit) {
        return connection
                .preparedQuery("""
                        SELECT * FROM profile
                        WHERE tenant_id = $1 AND ($2 = '' OR profile_type = $2) AND ($3 = '' OR state = $3) AND id > $4
                        ORDER BY id LIMIT $5
                        """)
                .execute(Tuple.of(tenantId, profileType, state, afterId, limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(ProfileColumns::read)
                        .map(row -> new Listed(
                                row.id(),
                                row.names().profileType(),
                                row.origin().typeVersion(),
                                Sensitive.of(vault.iccid(row).digits()),
                                row.status(),
                                row.createdAt()))
                        .toList());
    }
}
