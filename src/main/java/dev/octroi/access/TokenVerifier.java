package dev.octroi.access;

import static java.util.Objects.requireNonNull;

import dev.octroi.secret.Sha256;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Accepts tokens: first {@link TokenFilter} for the form and the times, then Vert.x for the signature, issuer and audience.
 * What was accepted is remembered until it expires, by the hash of the token.
 */
public final class TokenVerifier {
    private static final int MAX_REMEMBERED = 10_000;

    private final Vertx vertx;
    private final SigningKeys keys;
    private final TokenRules rules;
    private final InstantSource clock;
    private final BoundedCache<String, TokenClaims> accepted;
    private volatile Provider provider = new Provider(List.of(), null);

    private record Provider(
            List<String> keyIds,
            @org.jspecify.annotations.Nullable JWTAuth auth) {}

    public TokenVerifier(Vertx vertx, SigningKeys keys, TokenRules rules, InstantSource clock) {
        this.vertx = requireNonNull(vertx, "vertx is null");
        this.keys = requireNonNull(keys, "keys is null");
        this.rules = requireNonNull(rules, "rules is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.accepted = new BoundedCache<>(MAX_REMEMBERED, clock);
    }

    /**
     * The caller that a token names, wherever it is shown: one that is bound to a certificate is refused, because nothing
     * here shows the certificate. Fails with {@link TokenRefusedException} and with nothing else.
     */
    public Future<Principal> verify(String token) {
        return claims(token)
                .compose(claims -> claims.certificateHash().isPresent()
                        ? Future.failedFuture(new TokenRefusedException("bound"))
                        : Future.succeededFuture(claims.toPrincipal()));
    }

    Future<TokenClaims> claims(String token) {
        if (token.length() > TokenFilter.MAX_LENGTH) {
            return Future.failedFuture(new TokenRefusedException("too_long"));
        }
        String name = hash(token);
        List<String> keyIds = keys.published().stream().map(SigningKey::id).toList();
        TokenClaims remembered = accepted.get(name);
        if (remembered != null && keyIds.contains(remembered.keyId())) {
            return Future.succeededFuture(remembered);
        }
        try {
            TokenClaims claims = TokenFilter.read(token, clock.instant());
            if (!keyIds.contains(claims.keyId())) {
                throw new TokenRefusedException("unknown_key");
            }
            if (!claims.issuer().equals(rules.issuer())) {
                throw new TokenRefusedException("issuer");
            }
            if (!claims.audience().equals(rules.audience())) {
                throw new TokenRefusedException("audience");
            }
            return auth(keyIds)
                    .authenticate(new TokenCredentials(token))
                    .map(user -> remember(name, claims))
                    .recover(refused -> Future.failedFuture(new TokenRefusedException("signature", refused)));
        } catch (TokenRefusedException e) {
            return Future.failedFuture(e);
        } catch (RuntimeException e) {
            // The library throws ClassCastException and the like on forms that it does not expect.
            return Future.failedFuture(new TokenRefusedException("malformed", e));
        }
    }

    private TokenClaims remember(String name, TokenClaims claims) {
        Instant until = claims.expiresAt().plus(TokenRules.SKEW);
        accepted.put(name, claims, until);
        return claims;
    }

    private JWTAuth auth(List<String> keyIds) {
        Provider present = provider;
        if (present.auth() != null && present.keyIds().equals(keyIds)) {
            return present.auth();
        }
        JWTAuthOptions options = new JWTAuthOptions()
                .setJWTOptions(new JWTOptions()
                        .setAlgorithm("ES256")
                        .setIssuer(rules.issuer())
                        .addAudience(rules.audience())
                        // The filter has checked the times already, by the injected clock.
                        .setIgnoreExpiration(true));
        keys.published().forEach(key -> options.addJwk(key.publicJwk()));
        JWTAuth auth = JWTAuth.create(vertx, options);
        provider = new Provider(keyIds, auth);
        return auth;
    }

    private static String hash(String token) {
        return Base64Url.encode(Sha256.of(token));
    }
}
