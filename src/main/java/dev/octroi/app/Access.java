package dev.octroi.app;

import dev.octroi.access.ApiClients;
import dev.octroi.access.BearerCheck;
import dev.octroi.access.Partners;
import dev.octroi.access.SelfCareLinks;
import dev.octroi.access.SigningKeys;
import dev.octroi.access.TokenEndpoint;
import dev.octroi.access.TokenIssuer;
import dev.octroi.access.TokenRules;
import dev.octroi.access.TokenVerifier;
import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.pki.PartnerTrust;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.Keyring;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * Who is let in: the checks that the contracts' security schemes name, and what issues the credentials.
 *
 * @param tokens for pages that take a token themselves
 * @param bearer for the scheme {@code bearer}: access tokens and travellers' links
 * @param partners for the scheme {@code mutualTls}
 */
record Access(
        SigningKeys keys,
        TokenEndpoint endpoint,
        TokenVerifier tokens,
        BearerCheck bearer,
        Partners partners,
        ApiClients clients,
        SelfCareLinks links) {

    static Access open(
            Settings settings,
            Path dataDirectory,
            Vertx vertx,
            Database database,
            PartnerTrust trust,
            Keyring keyring,
            BlindIndex index,
            Ids ids,
            SecureRandom random,
            InstantSource clock)
            throws IOException, GeneralSecurityException {
        SigningKeys keys = SigningKeys.open(dataDirectory, clock, random);
        TokenRules rules = TokenRules.of(settings.publicUrl(), settings.access().tokenLife());
        ApiClients clients = new ApiClients(vertx, database, random, clock);
        SelfCareLinks links = new SelfCareLinks(
                database,
                index,
                ids,
                keyring.derive("self-care link"),
                clock,
                settings.access().selfCareLinkLife());
        TokenVerifier tokens = new TokenVerifier(vertx, keys, rules, clock);
        return new Access(
                keys,
                new TokenEndpoint(clients, new TokenIssuer(keys, rules, clock, random), keys),
                tokens,
                new BearerCheck(tokens),
                new Partners(database, trust, clock),
                clients,
                links);
    }
}
