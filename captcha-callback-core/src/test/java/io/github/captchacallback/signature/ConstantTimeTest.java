package io.github.captchacallback.signature;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassReader;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Label;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.MethodVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Opcodes;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pitfall 23: no test can tell the time of a comparison, but one can tell what compares. */
class ConstantTimeTest {

    private static final JavaClasses SIGNATURE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackagesOf(SigningKey.class);

    /** {@link MessageDigest#isEqual} looks at every byte; a branch beside it could leave early. */
    @Test
    void macThenIsComparedByTheJdkAlone() throws IOException {
        Body matches = bodyOf(Mac.class, "matches");

        assertThat(matches.branches).isZero();
        assertThat(matches.calls).containsExactly("java/security/MessageDigest.isEqual");
    }

    private static Body bodyOf(Class<?> type, String method) throws IOException {
        Body body = new Body();
        try (InputStream bytecode = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            new ClassReader(Objects.requireNonNull(bytecode))
                    .accept(
                            new ClassVisitor(Opcodes.ASM9) {
                                @Override
                                public @Nullable MethodVisitor visitMethod(
                                        int access,
                                        String name,
                                        String descriptor,
                                        String signature,
                                        String[] exceptions) {
                                    return name.equals(method) ? body : null;
                                }
                            },
                            0);
        }
        return body;
    }

    /** Counts the branches of a method, and notes what it calls. */
    private static final class Body extends MethodVisitor {

        private int branches;
        private final Set<String> calls = new HashSet<>();

        Body() {
            super(Opcodes.ASM9);
        }

        @Override
        public void visitJumpInsn(int opcode, Label label) {
            branches += opcode == Opcodes.GOTO ? 0 : 1;
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            calls.add(owner + "." + name);
        }
    }

    /** The two that compare names, of keys and versions, have a MAC in no other form than {@link Mac}. */
    @Test
    void packageThenComparesInNoOtherWay() {
        noClasses()
                .that()
                .doNotBelongToAnyOf(CallbackToken.class, SigningKeys.class)
                .should()
                .callMethod(String.class, "equals", Object.class)
                .orShould()
                .callMethod(String.class, "equalsIgnoreCase", String.class)
                .orShould()
                .callMethod(String.class, "contentEquals", CharSequence.class)
                .orShould()
                .callMethod(String.class, "compareTo", String.class)
                .orShould()
                .callMethod(Objects.class, "equals", Object.class, Object.class)
                .orShould()
                .callMethod(Arrays.class, "equals", byte[].class, byte[].class)
                .orShould()
                .callMethod(Arrays.class, "compare", byte[].class, byte[].class)
                .check(SIGNATURE);
    }
}
