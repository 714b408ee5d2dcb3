package io.github.captchacallback.spring.boot;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/** Names what a native image would leave out: Caffeine looks its generated classes up by name. */
class CallbackRuntimeHints implements RuntimeHintsRegistrar {

    private static final String CAFFEINE = "com.github.benmanes.caffeine.cache.";

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        Stream.of("SSA", "PSW")
                .map(name -> TypeReference.of(CAFFEINE + name))
                .forEach(type -> hints.reflection()
                        .registerType(
                                type, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS, MemberCategory.DECLARED_FIELDS));
    }
}
