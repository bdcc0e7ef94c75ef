package drover.admin;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodIntrospector.MetadataLookup;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Controller;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.context.support.StaticWebApplicationContext;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Every call that the admin app answers: its controllers' methods, found and read by Spring's own classes as the app does it, so
 * that a new one is among them without anybody's doing. {@code ArrowsTest} holds that answers come from controllers alone.
 */
final class Calls extends RequestMappingHandlerMapping {

    private static final Set<String> LOOKING = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private Calls() {
        setApplicationContext(new StaticWebApplicationContext());
        afterPropertiesSet();
    }

    /**
     * One call.
     *
     * @param type of the body that it takes
     */
    record Call(String method, String route, String type) {

        boolean changes() {
            return !LOOKING.contains(method);
        }

        /** The route with something in the place of its variables that nothing is called. */
        String path() {
            return route.replaceAll("\\{(slot|number)}", "99").replaceAll("\\{\\w+}", "nothing");
        }

        /** Whether this call's route leads to a path. */
        boolean answers(String other) {
            return PathPatternParser.defaultInstance.parse(route).matches(PathContainer.parsePath(other));
        }

        @Override
        public String toString() {
            return method + " " + route;
        }
    }

    /** What a variable of a route must look like, which may have braces of its own. */
    private static final Pattern PATTERN = Pattern.compile("\\{(\\w+):(?:[^{}]|\\{[^{}]*})*}");

    static List<Call> all() {
        var reader = new Calls();
        var scanner = new ClassPathScanningCandidateComponentProvider(/* useDefaultFilters= */ false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(Controller.class));
        return scanner.findCandidateComponents("drover").stream()
                .map(BeanDefinition::getBeanClassName)
                .map(name -> ClassUtils.resolveClassName(String.valueOf(name), Calls.class.getClassLoader()))
                .flatMap(reader::read)
                .distinct()
                .sorted(Comparator.comparing(Call::route).thenComparing(Call::method))
                .toList();
    }

    private Stream<Call> read(Class<?> controller) {
        MetadataLookup<RequestMappingInfo> lookup = method -> getMappingForMethod(method, controller);
        return MethodIntrospector.selectMethods(controller, lookup).values().stream()
                .flatMap(Calls::read);
    }

    /** A mapping that names no method answers all of them. */
    private static Stream<Call> read(RequestMappingInfo mapping) {
        var named = mapping.getMethodsCondition().getMethods();
        var methods = named.isEmpty() ? Set.of(RequestMethod.GET, RequestMethod.POST) : named;
        var type = mapping.getConsumesCondition().getConsumableMediaTypes().stream()
                .findFirst()
                .map(Object::toString)
                .orElse("application/json");
        return mapping.getPatternValues().stream()
                .map(route -> PATTERN.matcher(route).replaceAll("{$1}"))
                .flatMap(route -> methods.stream().map(method -> new Call(method.name(), route, type)));
    }
}
