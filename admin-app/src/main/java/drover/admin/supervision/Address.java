package drover.admin.supervision;

/** What can be asked of a farm: a host's path, with its query, encoded. */
record Address(String host, String path) {

    @Override
    public String toString() {
        return "http://" + host + path;
    }
}
