package dev.octroi.callback.connector;

import dev.octroi.callback.call.AddressRules;
import dev.octroi.callback.call.CallbackAddress;
import java.net.InetAddress;
import java.net.URI;
import java.util.regex.Pattern;

/**
 * Checks the form of the addresses of connectors, against requests forged through them. Networks live at private addresses,
 * so these are allowed where the server has to show a certificate of the trust domain {@code network}: nobody else gets past
 * the handshake. Towards public authorities' certificates the rules of webhooks hold, here for addresses in numbers and
 * before each request for those that a name leads to.
 */
final class ConnectorAddress {
    private static final Pattern NUMBERS = Pattern.compile("[0-9.]+|\\[.*]");

    private ConnectorAddress() {}

    /** An address whose server shows a certificate of the network. */
    static URI https(String text, String pointer) {
        return https(text, Connector.Trust.NETWORK, pointer);
    }

    /** Reads an address; throws {@link ConnectorRefusedException}. */
    static URI https(String text, Connector.Trust trust, String pointer) {
        URI url;
        try {
            url = CallbackAddress.parse(text);
        } catch (CallbackAddress.RefusedException e) {
            throw new ConnectorRefusedException(pointer, "It cannot be used: " + e.getMessage());
        }
        String host = url.getHost();
        if (NUMBERS.matcher(host).matches()) {
            InetAddress address = InetAddress.ofLiteral(CallbackAddress.bare(host));
            boolean nobody =
                    address.isLinkLocalAddress() || address.isMulticastAddress() || address.isAnyLocalAddress();
            boolean hidden =
                    trust == Connector.Trust.PUBLIC && !AddressRules.isPublic(address) && !address.isLoopbackAddress();
            if (nobody || hidden) {
                throw new ConnectorRefusedException(
                        pointer, "It cannot be used: no connector may call such an address");
            }
        }
        return url;
    }
}
