package drover.admin.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.objenesis.ObjenesisStd;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.RestController;

/**
 * The committed description of the API, {@code src/main/openapi/openapi.json}, is that of the controllers. They are never called for it,
 * so they are made without their collaborators, and no farm is needed.
 */
@SpringBootTest(
        classes = ApiDocumentTest.Controllers.class,
        properties = {
            "logging.config=classpath:logback.xml",
            "springdoc.default-produces-media-type=application/json",
            "springdoc.show-actuator=false",
            "springdoc.override-with-generic-response=false",
            "springdoc.use-fqn=true",
            "springdoc.writer-with-order-by-keys=true"
        })
@AutoConfigureMockMvc(addFilters = false)
class ApiDocumentTest {

    private static final Path COMMITTED = Path.of("src/main/openapi/openapi.json");

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Controllers {

        @Bean
        static BeanFactoryPostProcessor controllers() {
            return Controllers::register;
        }

        private static void register(ConfigurableListableBeanFactory beans) throws BeansException {
            var scanner = new ClassPathScanningCandidateComponentProvider(/* useDefaultFilters= */ false);
            scanner.addIncludeFilter(new AnnotationTypeFilter(RestController.class));
            var maker = new ObjenesisStd();
            for (var found : scanner.findCandidateComponents("drover.admin")) {
                var type = ClassUtils.resolveClassName(
                        String.valueOf(found.getBeanClassName()), ApiDocumentTest.class.getClassLoader());
                beans.registerSingleton(type.getName(), maker.newInstance(type));
            }
        }
    }

    @Autowired
    private MockMvcTester mvc;

    @Test
    void the_committed_document_is_that_of_the_controllers() throws Exception {
        var response = mvc.get().uri("/v3/api-docs").exchange();
        assertThat(response).hasStatusOk();
        var document = ApiDocument.of(response.getResponse().getContentAsByteArray());

        var committed = Files.exists(COMMITTED) ? Files.readString(COMMITTED) : "";
        if (!document.equals(committed)) {
            Files.writeString(COMMITTED, document);
        }

        // The documents themselves are too long to be shown here.
        assertThat(document.equals(committed))
                .as("openapi.json was not what the controllers are and has been written anew: look at it, run "
                        + "npm run api in frontend, and commit both")
                .isTrue();
    }
}
