package dev.octroi.smdp;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Ids;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.Imsi;
import dev.octroi.rsp.order.NewProfile;
import dev.octroi.rsp.order.ProfileKinds;
import dev.octroi.rsp.order.ProfileRow;
import dev.octroi.rsp.order.ProfileState;
import dev.octroi.rsp.order.Profiles;
import dev.octroi.rsp.profile.Subscriber;
import dev.octroi.secret.Sensitive;
import dev.octroi.secret.Sha256;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The SM-DP+ within this process: makes profiles of its own numbers and keys, ready for download at once. */
public final class BuiltInSmDp {
    private static final String TOKEN_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int TOKEN_GROUPS = 4;
    private static final int GROUP_LENGTH = 5;
    private static final int DOWNLOAD_LIMIT = 10;
    private static final int CONFIRMATION_LIMIT = 5;

    private final Profiles profiles;
    private final String smdpAddress;
    private final NumberRange numbers;
    private final Ids ids;
    private final InstantSource clock;
    private final SecureRandom random;

    /**
     * @param smdpAddress as activation codes carry it: host name, with a port where it is not 443
     * @param numbers for ICCID and IMSI
     */
    public BuiltInSmDp(
            Profiles profiles,
            String smdpAddress,
            NumberRange numbers,
            Ids ids,
            InstantSource clock,
            SecureRandom random) {
        this.profiles = requireNonNull(profiles, "profiles is null");
        this.smdpAddress = requireNonNull(smdpAddress, "smdpAddress is null");
        this.numbers = requireNonNull(numbers, "numbers is null");
        this.ids = requireNonNull(ids, "ids is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.random = requireNonNull(random, "random is null");
    }

    /**
     * Makes a profile and releases it, in the transaction of whoever orders: without its commit there is no profile.
     *
     * @param connection of the tenant's or the worker's role
     */
    public Future<OrderedProfile> order(SqlConnection connection, ProfileRequest request) {
        return profiles.nextNumber(connection).compose(number -> {
            Iccid iccid = numbers.iccid(number);
            Imsi imsi = numbers.imsi(number);
            String token = token();
            NewProfile profile = new NewProfile(
                    request.tenantId(),
                    request.profileId(),
                    new ProfileRow.Names(
                            ProfileKinds.BUILT_IN, cut(request.providerName(), 32), cut(request.profileName(), 64)),
                    iccid,
                    imsi,
                    key(),
                    key(),
                    token,
                    codeHash(request.confirmationCode()),
                    eid(request.eid()),
                    new ProfileRow.Limits(DOWNLOAD_LIMIT, CONFIRMATION_LIMIT, request.expiresAt(), 0),
                    ProfileState.RELEASED,
                    clock.instant());
            return profiles.create(connection, profile)
                    .map(row -> new OrderedProfile(
                            Sensitive.of(iccid.digits()),
                            Sensitive.of(imsi.digits()),
                            smdpAddress,
                            Sensitive.of(token),
                            row.needsConfirmation()));
        });
    }

    /**
     * Makes a profile for the stock of a tenant, of the one type that is made here.
     *
     * @param connection of the tenant's or the worker's role
     * @param operatorId the partner that hears of the progress, 0 for the only one
     */
    public Future<Optional<ProfileRow>> make(
            SqlConnection connection, int tenantId, long operatorId, String profileType) {
        if (!profileType.equals(ProfileKinds.BUILT_IN)) {
            return Future.succeededFuture(Optional.empty());
        }
        return profiles.nextNumber(connection)
                .compose(number -> profiles.create(
                        connection,
                        new NewProfile(
                                tenantId,
                                ids.next(),
                                new ProfileRow.Names(ProfileKinds.BUILT_IN, "Octroi", "Octroi"),
                                numbers.iccid(number),
                                numbers.imsi(number),
                                key(),
                                key(),
                                null,
                                null,
                                null,
                                new ProfileRow.Limits(DOWNLOAD_LIMIT, CONFIRMATION_LIMIT, null, operatorId),
                                ProfileState.AVAILABLE,
                                clock.instant())))
                .map(Optional::of);
    }

    /** A new matching id: a hundred bits in four groups that people can read out. */
    public String token() {
        StringBuilder token = new StringBuilder();
        for (int group = 0; group < TOKEN_GROUPS; group++) {
            if (group > 0) {
                token.append('-');
            }
            for (int i = 0; i < GROUP_LENGTH; i++) {
                token.append(TOKEN_ALPHABET.charAt(random.nextInt(TOKEN_ALPHABET.length())));
            }
        }
        return token.toString();
    }

    /** A random OPc is as good as one that follows from an OP that nobody else uses. */
    private byte[] key() {
        byte[] key = new byte[Subscriber.KEY_BYTES];
        random.nextBytes(key);
        return key;
    }

    private static byte @Nullable [] codeHash(@Nullable Sensitive<String> code) {
        return code == null ? null : Sha256.of(code.reveal().getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable Eid eid(@Nullable Sensitive<Eid> eid) {
        return eid == null ? null : eid.reveal();
    }

    /** The longest start of a text that has at most so many bytes and cuts no character. */
    static String cut(String text, int maxBytes) {
        String cut = text;
        while (cut.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
        }
        return cut;
    }
}
