package dev.octroi.callback.connector;

import static java.util.Objects.requireNonNull;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a partner of the network is told which policy to enforce. What it is told with is a secret kept beside it. */
public sealed interface Connector {

    /** The word of the kind, as the admin API and the database have it. */
    String kind();

    /**
     * Signed HTTP over mutual TLS, the default.
     *
     * @param url where policies are posted
     * @param stateUrl where it is read what the partner enforces, with {@code {subscription}} in it; empty: it cannot be
     */
    record SignedHttp(URI url, Optional<String> stateUrl) implements Connector {
        /** The word of this kind. */
        public static final String KIND = "signed_http";

        /** The place of the subscription ({@code sub_…}) in {@code stateUrl}. */
        public static final String SUBSCRIPTION = "{subscription}";

        public SignedHttp {
            requireNonNull(url, "url is null");
            requireNonNull(stateUrl, "stateUrl is null");
        }

        @Override
        public String kind() {
            return KIND;
        }

        /** Where the policy of a subscription is read. */
        public Optional<URI> stateOf(String subscription) {
            return stateUrl.map(template -> URI.create(template.replace(SUBSCRIPTION, subscription)));
        }
    }

    /** CoA and Disconnect requests of RADIUS (RFC 5176). */
    record Radius(RadiusAddress address) implements Connector {
        /** The word of this kind. */
        public static final String KIND = "radius";

        public Radius {
            requireNonNull(address, "address is null");
        }

        @Override
        public String kind() {
            return KIND;
        }
    }

    /**
     * Assignments of QoS profiles (CAMARA QoS Provisioning v0.x).
     *
     * @param apiRoot what {@code /qos-assignments} is added to, such as {@code https://api.example.com/qos-provisioning/v0.3}
     * @param trust whose certificates the API and its token endpoint show
     * @param device how the device is named
     * @param profiles which QoS profile stands for which policy
     * @param oauth how an access token is had; empty: the client certificate is enough
     * @param fallback who is told what no QoS profile stands for; empty: nobody, and such policies fail
     */
    record CamaraQod(
            URI apiRoot,
            Trust trust,
            QosDevice device,
            QosProfiles profiles,
            Optional<ClientCredentials> oauth,
            Optional<Connector> fallback)
            implements Connector {
        /** The word of this kind. */
        public static final String KIND = "camara_qod";

        public CamaraQod {
            requireNonNull(apiRoot, "apiRoot is null");
            requireNonNull(trust, "trust is null");
            requireNonNull(device, "device is null");
            requireNonNull(profiles, "profiles is null");
            requireNonNull(oauth, "oauth is null");
            if (fallback.isPresent() && !(fallback.get() instanceof SignedHttp || fallback.get() instanceof Radius)) {
                throw new IllegalArgumentException("a fallback is signed_http or radius");
            }
        }

        @Override
        public String kind() {
            return KIND;
        }
    }

    /**
     * Notifications of 3GPP: spending-limit statuses for PCFs (TS 29.594) and charging notifications for SMFs (TS 32.291), to
     * whoever has subscribed or opened a session.
     */
    record ThreeGpp() implements Connector {
        /** The word of this kind. */
        public static final String KIND = "3gpp";

        @Override
        public String kind() {
            return KIND;
        }
    }

    /** Whose certificates a server has to show. */
    enum Trust {
        /** Any public authority's; every address of the host has to be public. */
        PUBLIC,
        /** Those of the trust domain {@code network}, and ours is shown: mutual TLS. */
        NETWORK
    }

    /**
     * Client credentials of OAuth 2 (RFC 6749 §4.4); the secret is kept apart.
     *
     * @param scope asked for; empty: none
     */
    record ClientCredentials(URI tokenUrl, String clientId, Optional<String> scope) {
        public ClientCredentials {
            requireNonNull(tokenUrl, "tokenUrl is null");
            requireNonNull(clientId, "clientId is null");
            requireNonNull(scope, "scope is null");
        }
    }

    /** What the address of the short form stands for; empty when it is none. */
    static Optional<Connector> ofUrl(String url) {
        if (url.startsWith(RadiusAddress.SCHEME + ":")) {
            return RadiusAddress.read(url).map(Radius::new);
        }
        try {
            return url.startsWith("https://")
                    ? Optional.of(new SignedHttp(URI.create(url), Optional.empty()))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * What is kept of a partner's connector; empty also for what a later version of Octroi has written.
     *
     * @param json the connector itself, if it was described
     * @param url the address of the short form, if that was given
     */
    static Optional<Connector> of(@Nullable JsonObject json, @Nullable String url) {
        if (json != null) {
            try {
                return Optional.of(ConnectorJson.read(json));
            } catch (ConnectorRefusedException | IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        return url == null ? Optional.empty() : ofUrl(url);
    }
}
