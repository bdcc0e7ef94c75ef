package drover.verify.agent;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import org.jspecify.annotations.Nullable;

/**
 * Has every turn of a worker's event loop ask {@link LoopFault} first. Started with
 * {@code -javaagent:verify.jar=DIRECTORY}; in a JVM that has no event loop it does nothing. So no way to break a worker has to
 * be in the worker.
 */
public final class LoopAgent {

    private static final String LOOP = "drover/engine/loop/EventLoop";
    private static final ClassDesc FAULT = ClassDesc.of("drover.verify.agent.LoopFault");

    private LoopAgent() {}

    /** Called by the JVM before {@code main}. */
    public static void premain(String directory, Instrumentation instrumentation) {
        LoopFault.watch(Path.of(directory));
        instrumentation.addTransformer(new ClassFileTransformer() {
            @Override
            public byte @Nullable [] transform(
                    @Nullable ClassLoader loader,
                    String name,
                    @Nullable Class<?> redefined,
                    @Nullable ProtectionDomain domain,
                    byte[] bytes) {
                return LOOP.equals(name) ? withFault(loader, bytes) : null;
            }
        });
    }

    private static byte[] withFault(@Nullable ClassLoader loader, byte[] bytes) {
        var format = ClassFile.of(ClassHierarchyResolverOption.of(
                loader == null
                        ? ClassHierarchyResolver.defaultResolver()
                        : ClassHierarchyResolver.ofResourceParsing(loader)
                                .orElse(ClassHierarchyResolver.defaultResolver())));
        return format.transformClass(
                format.parse(bytes),
                ClassTransform.transformingMethodBodies(
                        method -> method.methodName().equalsString("turn"), new CodeTransform() {
                            @Override
                            public void atStart(CodeBuilder builder) {
                                builder.invokestatic(FAULT, "strike", MethodTypeDesc.ofDescriptor("()V"));
                            }

                            @Override
                            public void accept(CodeBuilder builder, CodeElement element) {
                                builder.with(element);
                            }
                        }));
    }
}
