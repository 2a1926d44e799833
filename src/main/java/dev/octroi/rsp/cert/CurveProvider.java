package dev.octroi.rsp.cert;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Who computes on P-256: Amazon Corretto Crypto Provider (AWS-LC) where its native code runs on this machine, which is
 * about eight times as fast as the JDK, else the JDK. Signatures and keys of both are the same bytes. See ADR 0020.
 *
 * <p>The provider is asked by name and not registered: everything else of the JVM (TLS, AES, digests) stays as it is.
 */
public final class CurveProvider {
    private static final String CORRETTO = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";
    private static final @Nullable Provider AVAILABLE = load();

    private static volatile @Nullable Provider chosen = AVAILABLE;

    private CurveProvider() {}

    /**
     * Chooses for the whole process; keys made before can be used after it. Gives the name of the choice, for the log.
     *
     * @param nativeCode false to stay with the JDK whatever is there
     */
    public static String choose(boolean nativeCode) {
        chosen = nativeCode ? AVAILABLE : null;
        return name();
    }

    /** The name of the provider in use, {@code JDK} when it is the JDK's own. */
    public static String name() {
        Provider provider = chosen;
        return provider == null ? "JDK" : provider.getName();
    }

    /** Whether native code computes. */
    public static boolean isNative() {
        return chosen != null;
    }

    /** The native provider in use; null for the JDK's. */
    static @Nullable Provider current() {
        return chosen;
    }

    private static @Nullable Provider load() {
        try {
            return ServiceLoader.load(Provider.class).stream()
                    .filter(service -> service.type().getName().equals(CORRETTO))
                    .findFirst()
                    .map(ServiceLoader.Provider::get)
                    .filter(CurveProvider::works)
                    .orElse(null);
        } catch (ServiceConfigurationError | LinkageError unusable) {
            return null;
        }
    }

    /** The jar may be there without its native code: another system, or a temporary folder that forbids execution. */
    private static boolean works(Provider provider) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", provider);
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format", provider);
            signature.initSign(keys.getPrivate());
            byte[] plain = signature.sign();
            signature.initVerify(keys.getPublic());
            return signature.verify(plain);
        } catch (GeneralSecurityException | RuntimeException | LinkageError unusable) {
            return false;
        }
    }
}
