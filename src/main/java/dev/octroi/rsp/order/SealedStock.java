package dev.octroi.rsp.order;

import dev.octroi.db.Ids;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Profiles of a batch, sealed for their rows, as columns of one statement. Made on a worker: sealing takes its time. */
public final class SealedStock {
    final int tenantId;
    final List<NewStock> clear;
    final List<Entry> entries;

    /** One profile with its identifier and everything sealed for it. */
    @SuppressWarnings("ArrayRecordComponent")
    record Entry(
            long id,
            Buffer iccid,
            Buffer iccidIndex,
            Buffer imsi,
            Buffer imsiIndex,
            @Nullable Buffer matchingId,
            @Nullable Buffer matchingIndex,
            @Nullable Buffer confirmation,
            @Nullable Buffer eid,
            @Nullable Buffer eidIndex,
            Buffer keys,
            ProfileState state) {}

    private SealedStock(int tenantId, List<NewStock> clear, List<Entry> entries) {
        this.tenantId = tenantId;
        this.clear = clear;
        this.entries = entries;
    }

    /** Seals the profiles of one tenant. */
    public static SealedStock of(ProfileVault vault, Ids ids, int tenantId, List<NewStock> profiles) {
        List<Entry> entries = new ArrayList<>(profiles.size());
        for (NewStock profile : profiles) {
            entries.add(seal(vault, tenantId, ids.next(), profile));
        }
        return new SealedStock(tenantId, List.copyOf(profiles), List.copyOf(entries));
    }

    private static Entry seal(ProfileVault vault, int tenant, long id, NewStock profile) {
        NewStock.@Nullable Ordered ordered = profile.ordered();
        @Nullable String matchingId = ordered == null ? null : ordered.matchingId();
        byte @Nullable [] code = ordered == null ? null : ordered.confirmationHash();
        ProfileStatus.@Nullable CardReference card =
                ordered == null || ordered.eid() == null ? null : vault.card(tenant, id, ordered.eid(), true);
        return new Entry(
                id,
                Buffer.buffer(vault.sealIccid(tenant, id, profile.iccid())),
                Buffer.buffer(vault.iccidIndex(profile.iccid())),
                Buffer.buffer(vault.sealImsi(tenant, id, profile.imsi())),
                Buffer.buffer(vault.imsiIndex(profile.imsi())),
                matchingId == null ? null : Buffer.buffer(vault.sealMatchingId(tenant, id, matchingId)),
                matchingId == null ? null : Buffer.buffer(vault.matchingIndex(matchingId)),
                code == null ? null : Buffer.buffer(vault.sealConfirmation(tenant, id, code)),
                card == null ? null : Buffer.buffer(card.sealed()),
                card == null ? null : Buffer.buffer(card.indexBytes()),
                Buffer.buffer(vault.sealKeys(tenant, id, profile.keys())),
                ordered == null ? ProfileState.AVAILABLE : ProfileState.RELEASED);
    }

    /** Columns of the profiles: shard, id, names, sealed identifiers and their indices, state. */
    Tuple profileColumns(String providerName, String profileName) {
        int n = entries.size();
        Short[] shards = new Short[n];
        Long[] identifiers = new Long[n];
        String[] providers = new String[n];
        String[] names = new String[n];
        String[] states = new String[n];
        Buffer[][] sealed = new Buffer[9][n];
        for (int i = 0; i < n; i++) {
            Entry entry = entries.get(i);
            NewStock profile = clear.get(i);
            shards[i] = Ids.shardOf(entry.id());
            identifiers[i] = entry.id();
            providers[i] = profile.providerName() == null ? providerName : profile.providerName();
            names[i] = profile.profileName() == null ? profileName : profile.profileName();
            states[i] = entry.state().text();
            @Nullable
            Buffer[] columns = {
                entry.iccid(),
                entry.iccidIndex(),
                entry.imsi(),
                entry.imsiIndex(),
                entry.matchingId(),
                entry.matchingIndex(),
                entry.confirmation(),
                entry.eid(),
                entry.eidIndex()
            };
            for (int column = 0; column < columns.length; column++) {
                sealed[column][i] = columns[column];
            }
        }
        Tuple tuple = Tuple.of(shards, identifiers, providers, names, states);
        for (Buffer[] column : sealed) {
            tuple.addArrayOfBuffer(column);
        }
        return tuple;
    }

    /** Columns of the keys of those profiles that were written. */
    Tuple keyColumns(Set<Long> written) {
        List<Entry> chosen =
                entries.stream().filter(entry -> written.contains(entry.id())).toList();
        return Tuple.of(
                tenantId,
                chosen.stream().map(entry -> Ids.shardOf(entry.id())).toArray(Short[]::new),
                chosen.stream().map(Entry::id).toArray(Long[]::new),
                chosen.stream().map(Entry::keys).toArray(Buffer[]::new));
    }

    /** Nothing of what is sealed. */
    @Override
    public String toString() {
        return "SealedStock[" + entries.size() + "]";
    }
}
