package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.bound.Binding;
import dev.octroi.rsp.bound.BoundPackage;
import dev.octroi.rsp.bound.ProtectedProfile;
import dev.octroi.rsp.bound.Recipe;
import dev.octroi.rsp.type.ProfileType;
import dev.octroi.rsp.type.ProfileTypes;
import dev.octroi.rsp.type.Protection;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a card gets of a profile: its metadata, the same bytes in the offer and in the package, and its content. */
final class ProfilePackages {
    private final ProfileKinds builtIn;
    private final ProfileTypes types;
    private final ProfileStore profiles;
    private final ProtectedStore protectedProfiles;
    private final ProfileVault vault;
    private final Supplier<String> address;

    /** @param address of this server, to which cards report */
    ProfilePackages(ProfileKinds builtIn, ProfileStore profiles, ProfileVault vault, Supplier<String> address) {
        this.builtIn = requireNonNull(builtIn, "builtIn is null");
        this.types = new ProfileTypes(vault.types());
        this.profiles = requireNonNull(profiles, "profiles is null");
        this.protectedProfiles = new ProtectedStore(vault);
        this.vault = requireNonNull(vault, "vault is null");
        this.address = requireNonNull(address, "address is null");
    }

    /** The type of a profile; empty when this server does not have it. Worker role. */
    Future<Optional<ProfileType>> type(SqlClient client, ProfileRow row) {
        ProfileRow.Origin origin = row.origin();
        return origin.isMadeHere()
                ? Future.succeededFuture(builtIn.find(row.names().profileType()))
                : types.find(client, row.tenantId(), origin.typeId(), origin.typeVersion());
    }

    /** Whether a tenant may order profiles of a type: the one made here, or one of its own that is not retired. */
    Future<Boolean> isOrderable(SqlClient client, int tenantId, String name) {
        return builtIn.find(name).isPresent()
                ? Future.succeededFuture(true)
                : vault.types().isActive(client, tenantId, name);
    }

    /** The element BF25 of a profile. */
    Tlv metadata(ProfileRow row, ProfileType type) {
        return type.terms()
                .metadata(
                        vault.iccid(row),
                        row.names().providerName(),
                        row.names().profileName(),
                        address.get())
                .encode();
    }

    /** What the content of a profile is made of, as it was read. */
    sealed interface Material {
        /** How it is made. */
        ProfileType type();

        /**
         * It has to be made.
         *
         * @param sealedKeys K and OPc
         */
        @SuppressWarnings("ArrayRecordComponent")
        record Raw(ProfileType type, byte[] sealedKeys) implements Material {}

        /** It was made and protected ahead of the download. */
        record Ahead(ProfileType type, ProtectedProfile profile) implements Material {}
    }

    /** Reads what the content of a profile is made of; empty when something of it is missing. Worker role. */
    Future<Optional<Material>> material(SqlClient client, ProfileRow row) {
        return profiles.findKeys(client, row).compose(keys -> material(client, row, keys.orElse(null)));
    }

    /**
     * As {@link #material(SqlClient, ProfileRow)}, with keys that were read.
     *
     * @param sealedKeys K and OPc, or null when there are none
     */
    Future<Optional<Material>> material(SqlClient client, ProfileRow row, byte @Nullable [] sealedKeys) {
        return type(client, row).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture(Optional.empty());
            }
            ProfileType type = found.get();
            Optional<Material> raw =
                    sealedKeys == null ? Optional.empty() : Optional.of(new Material.Raw(type, sealedKeys));
            if (type.terms().protection() == Protection.SESSION_KEYS) {
                return Future.succeededFuture(raw);
            }
            return protectedProfiles
                    .find(client, row)
                    .map(ahead -> ahead.<Material>map(made -> new Material.Ahead(type, made))
                            .or(() -> raw));
        });
    }

    /**
     * A package for one card and session.
     *
     * @param fresh what was protected for it and is not kept yet, or null
     */
    record Bound(BoundPackage made, @Nullable ProtectedProfile fresh) {}

    /** A package of which something was kept; empty when it can no longer be made as it was. Cryptography. */
    Optional<BoundPackage> again(ProfileRow row, Material material, byte[] kept) throws MalformedTlvException {
        Optional<Recipe> recipe = Recipe.decode(kept);
        if (recipe.isEmpty()) {
            return Optional.of(new BoundPackage(kept, null));
        }
        return material instanceof Material.Raw raw
                ? recipe.get().make(metadata(row, raw.type()), content(row, raw))
                : Optional.empty();
    }

    /** Makes the content of a profile, unless it is there, and binds it; cryptography, for a worker. */
    Bound bind(ProfileRow row, Material material, Binding binding, SecureRandom random) throws InvalidKeyException {
        Tlv metadata = metadata(row, material.type());
        return switch (material) {
            case Material.Ahead ahead -> new Bound(binding.bind(metadata, ahead.profile(), random), null);
            case Material.Raw raw -> {
                if (raw.type().terms().protection() == Protection.SESSION_KEYS) {
                    yield new Bound(binding.bind(metadata, content(row, raw), random), null);
                }
                ProtectedProfile made = protect(row, raw, random);
                yield new Bound(binding.bind(metadata, made, random), made);
            }
        };
    }

    /** Protects the content of a profile with random keys; cryptography, for a worker. */
    ProtectedProfile protect(ProfileRow row, Material.Raw raw, SecureRandom random) {
        return ProtectedProfile.protect(content(row, raw), random);
    }

    private byte[] content(ProfileRow row, Material.Raw raw) {
        return raw.type().template().personalise(vault.subscriber(row, raw.sealedKeys()));
    }

    ProtectedStore protectedProfiles() {
        return protectedProfiles;
    }
}
