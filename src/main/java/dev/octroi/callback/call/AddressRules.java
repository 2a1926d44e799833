package dev.octroi.callback.call;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Which addresses a webhook may reach: public unicast only (security of callbacks against SSRF). Pure. */
public final class AddressRules {
    /** Special-purpose IPv4 blocks (IANA registry, RFC 6890): first byte block, prefix length. */
    private static final List<Block> REFUSED_V4 = List.of(
            new Block("0.0.0.0", 8),
            new Block("10.0.0.0", 8),
            new Block("100.64.0.0", 10),
            new Block("127.0.0.0", 8),
            new Block("169.254.0.0", 16),
            new Block("172.16.0.0", 12),
            new Block("192.0.0.0", 24),
            new Block("192.0.2.0", 24),
            new Block("192.31.196.0", 24),
            new Block("192.52.193.0", 24),
            new Block("192.88.99.0", 24),
            new Block("192.168.0.0", 16),
            new Block("192.175.48.0", 24),
            new Block("198.18.0.0", 15),
            new Block("198.51.100.0", 24),
            new Block("203.0.113.0", 24),
            new Block("224.0.0.0", 4),
            new Block("240.0.0.0", 4));

    /** Inside global unicast, 2000::/3, what is not for hosts or hides another address. */
    private static final List<Block> REFUSED_V6 = List.of(
            new Block("2001::", 23), new Block("2001:db8::", 32), new Block("2002::", 16), new Block("3fff::", 20));

    private static final Block GLOBAL_UNICAST = new Block("2000::", 3);
    private static final Block NAT64 = new Block("64:ff9b::", 96);

    private record Block(byte[] prefix, int bits) {
        Block(String literal, int bits) {
            this(bytes(literal), bits);
        }

        boolean contains(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit & 7);
                if ((address[bit >> 3] & mask) != (prefix[bit >> 3] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private AddressRules() {}

    /** Whether an address is public: routable on the Internet and not a disguise of one that is not. */
    public static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            return REFUSED_V4.stream().noneMatch(block -> block.contains(bytes));
        }
        if (NAT64.contains(bytes)) {
            return isPublic(v4(bytes, 12));
        }
        return GLOBAL_UNICAST.contains(bytes) && REFUSED_V6.stream().noneMatch(block -> block.contains(bytes));
    }

    private static InetAddress v4(byte[] bytes, int from) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {bytes[from], bytes[from + 1], bytes[from + 2], bytes[from + 3]});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private static byte[] bytes(String literal) {
        return InetAddress.ofLiteral(literal).getAddress();
    }
}
