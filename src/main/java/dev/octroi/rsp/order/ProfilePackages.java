package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.bound.Binding;
import dev.octroi.rsp.bound.ProfileMetadata;
import dev.octroi.rsp.bound.ProfileOwner;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Supplier;

/** What a card gets of a profile: its metadata, the same bytes in the offer and in the package, and its content. */
final class ProfilePackages {
    private final ProfileKinds kinds;
    private final ProfileStore profiles;
    private final ProfileVault vault;
    private final Supplier<String> address;

    /** @param address of this server, to which cards report */
    ProfilePackages(ProfileKinds kinds, ProfileStore profiles, ProfileVault vault, Supplier<String> address) {
        this.kinds = requireNonNull(kinds, "kinds is null");
        this.profiles = requireNonNull(profiles, "profiles is null");
        this.vault = requireNonNull(vault, "vault is null");
        this.address = requireNonNull(address, "address is null");
    }

    /** The kind of a profile; empty when this server does not have it. */
    Future<Optional<ProfileKinds.Kind>> kind(ProfileRow row) {
        return Future.succeededFuture(kinds.find(row.names().profileType()));
    }

    /** The element BF25 of a profile. */
    Tlv metadata(ProfileRow row, ProfileKinds.Kind kind) {
        return ProfileMetadata.simple(
                        vault.iccid(row),
                        row.names().providerName(),
                        row.names().profileName(),
                        address.get(),
                        ProfileOwner.of(kind.owner()))
                .encode();
    }

    /**
     * What the content of a profile is made of, as it was read.
     *
     * @param kind how it is made
     * @param sealedKeys K and OPc
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Material(ProfileKinds.Kind kind, byte[] sealedKeys) {}

    /** Reads what the content of a profile is made of; empty when something of it is missing. */
    Future<Optional<Material>> material(SqlClient client, ProfileRow row) {
        return kind(row)
                .compose(kind -> kind.isEmpty()
                        ? Future.succeededFuture(Optional.empty())
                        : profiles.findKeys(client, row).map(keys -> keys.map(all -> new Material(kind.get(), all))));
    }

    /** Makes the content of a profile and binds it; cryptography, for a worker. */
    byte[] bind(ProfileRow row, Material material, Binding binding, SecureRandom random) throws InvalidKeyException {
        byte[] unprotected = material.kind().template().personalise(vault.subscriber(row, material.sealedKeys()));
        return binding.bind(metadata(row, material.kind()), unprotected, random);
    }
}
