package dev.octroi.access;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.PublicId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.TreeSet;

/** Writes access tokens: JWT of RFC 9068, signed with ES256. */
public final class TokenIssuer {
    private static final int TOKEN_ID_BYTES = 16;

    private final SigningKeys keys;
    private final TokenRules rules;
    private final InstantSource clock;
    private final SecureRandom random;

    public TokenIssuer(SigningKeys keys, TokenRules rules, InstantSource clock, SecureRandom random) {
        this.keys = requireNonNull(keys, "keys is null");
        this.rules = requireNonNull(rules, "rules is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.random = requireNonNull(random, "random is null");
    }

    /** The rules that the tokens follow. */
    public TokenRules rules() {
        return rules;
    }

    /** Writes a token that is good from now for the life of the rules. */
    public String issue(TokenGrant grant) {
        byte[] tokenId = new byte[TOKEN_ID_BYTES];
        random.nextBytes(tokenId);
        long now = clock.instant().getEpochSecond();
        JsonObject claims = new JsonObject()
                .put("iss", rules.issuer())
                .put("aud", rules.audience())
                .put("sub", grant.subject())
                .put("client_id", grant.subject())
                .put("iat", now)
                .put("exp", now + rules.life().toSeconds())
                .put("jti", Base64Url.encode(tokenId))
                .put("tenant", grant.tenantId())
                .put("scope", Scopes.format(grant.scopes()));
        if (!grant.targets().isEmpty()) {
            claims.put("targets", new JsonArray(new java.util.ArrayList<>(new TreeSet<>(grant.targets()))));
        }
        grant.subscriptionId().ifPresent(id -> claims.put("subscription", PublicId.SUBSCRIPTION.format(id)));
        grant.certificateHash().ifPresent(hash -> claims.put("cnf", new JsonObject().put("x5t#S256", hash)));
        SigningKey key = keys.active();
        JsonObject header =
                new JsonObject().put("alg", "ES256").put("kid", key.id()).put("typ", "at+jwt");
        String content = part(header) + "." + part(claims);
        return content + "." + Base64Url.encode(key.sign(content.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String part(JsonObject json) {
        return Base64Url.encode(json.encode().getBytes(StandardCharsets.UTF_8));
    }
}
