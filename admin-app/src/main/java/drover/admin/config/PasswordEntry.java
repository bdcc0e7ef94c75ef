package drover.admin.config;

/** A user of a site, {@code name:hash}, as {@code drover hash-password} and htpasswd write it. */
public record PasswordEntry(String text) implements Scalar {

    public PasswordEntry {
        Scalar.require(
                text.matches("[^:\\p{Cntrl}]+:\\$2[aby]\\$(0[4-9]|1[0-4])\\$[./A-Za-z0-9]{53}"),
                "it must be NAME:HASH with a bcrypt hash of cost 4 to 14; ./drover hash-password makes one");
    }
}
