package dev.octroi.conformance;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One server for all cases of a run: each case orders profiles of its own. */
final class OneServer implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == SmDp.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(OneServer.class))
                .computeIfAbsent(SmDp.class, key -> started(), SmDp.class);
    }

    private static SmDp started() {
        try {
            return SmDp.start();
        } catch (Exception e) {
            throw new IllegalStateException("the server under test did not start", e);
        }
    }
}
