//! What the manual pages show: commands, and what they print. Tests run them and compare.

/// For the page of each name, what to type and what comes of it, with the profile file of the README. `...` stands
/// for what is left out.
pub const EXAMPLES: &[(&str, &str)] = &[
    (
        "rdsconnect",
        "\
$ cat ~/.config/rdsconnect/config.toml
[defaults]
user = \"jane\"

[profiles.orders]
engine = \"mysql\"
host = \"orders.abc123def456.us-west-2.rds.amazonaws.com\"
database = \"shop\"

[profiles.reports]
engine = \"postgres\"
host = \"reports.abc123def456.us-west-2.rds.amazonaws.com\"
database = \"warehouse\"
$ rdsconnect                  # pick a profile
$ rdsconnect reports
$ rdsconnect --user admin reports -- -f monthly.sql
$ rdsconnect postgres://jane@reports.abc123def456.us-west-2.rds.amazonaws.com/warehouse
$ rdsconnect orders --dry-run
$ rdsconnect orders -- -t -e 'select * from orders'
+----+-------+
| id | total |
+----+-------+
|  1 | 19.90 |
|  2 |  5.00 |
+----+-------+
",
    ),
    (
        "rdsconnect-connect",
        "\
$ rdsconnect connect token    # a profile that is named like a verb
$ rdsconnect connect reports -- -A -t -c 'select current_user'
jane
",
    ),
    (
        "rdsconnect-token",
        "\
$ PGPASSWORD=$(rdsconnect token reports) some-program
$ rdsconnect token reports
reports.abc123def456.us-west-2.rds.amazonaws.com:5432/?Action=connect&DBUser=jane&X-Amz-Algorithm=AWS4-HMAC-SHA256&...
$ rdsconnect token reports --json
{
  \"token\": \"reports.abc123def456.us-west-2.rds.amazonaws.com:5432/?Action=connect&DBUser=jane&...\",
  \"host\": \"reports.abc123def456.us-west-2.rds.amazonaws.com\",
  \"port\": 5432,
  \"user\": \"jane\",
  \"expires_at\": \"...\"
}
",
    ),
    (
        "rdsconnect-list",
        "\
$ rdsconnect list
PROFILE  ENGINE    HOST                                              PORT  USER  DATABASE   REGION     AWS PROFILE
orders   mysql     orders.abc123def456.us-west-2.rds.amazonaws.com   3306  jane  shop       us-west-2  -
reports  postgres  reports.abc123def456.us-west-2.rds.amazonaws.com  5432  jane  warehouse  us-west-2  -
$ rdsconnect list | cut -f 1,2
orders\tmysql
reports\tpostgres
$ rdsconnect list --json | jq -r '.[].name'
",
    ),
    (
        "rdsconnect-show",
        "\
$ rdsconnect show reports --user admin
KEY                VALUE                                             FROM
engine             postgres                                          profile (line 10)
host               reports.abc123def456.us-west-2.rds.amazonaws.com  profile (line 11)
port               5432                                              built in
connect_to         -                                                 not set
user               admin                                             flag --user
database           warehouse                                         profile (line 12)
region             us-west-2                                         host name
...
",
    ),
    (
        "rdsconnect-env",
        "\
$ eval \"$(rdsconnect env reports)\"                  # bash, zsh
$ psql -A -t -c 'select current_user'
jane
$ rdsconnect env reports --shell fish | source      # fish
$ rdsconnect env reports | grep '^export'
export PGDATABASE='warehouse';
export PGGSSENCMODE='disable';
export PGHOST='reports.abc123def456.us-west-2.rds.amazonaws.com';
export PGPASSWORD='reports.abc123def456.us-west-2.rds.amazonaws.com:5432/?Action=connect&DBUser=jane&...';
export PGPORT='5432';
export PGSSLCERT='/nonexistent';
export PGSSLCRL='/nonexistent';
export PGSSLMODE='verify-full';
export PGSSLROOTCERT='/home/jane/.cache/rdsconnect/roots-....pem';
export PGUSER='jane';
",
    ),
    (
        "rdsconnect-exec",
        "\
$ rdsconnect exec reports -- pg_dump -s
$ rdsconnect exec orders -- mysqlshow
Database: shop
+--------+
| Tables |
+--------+
| orders |
+--------+
",
    ),
    (
        "rdsconnect-init",
        "\
$ rdsconnect init             # asks
$ rdsconnect init --engine mysql --host orders.abc123def456.us-west-2.rds.amazonaws.com --user jane
note: wrote `/home/jane/.config/rdsconnect/config.toml`; connect with `rdsconnect orders`
$ cat ~/.config/rdsconnect/config.toml
[profiles.orders]
engine = \"mysql\"
host = \"orders.abc123def456.us-west-2.rds.amazonaws.com\"
user = \"jane\"
",
    ),
    (
        "rdsconnect-config-path",
        "\
$ rdsconnect config path
/home/jane/.config/rdsconnect/config.toml
$ $EDITOR \"$(rdsconnect config path)\"
",
    ),
    (
        "rdsconnect-config-check",
        "\
$ rdsconnect config check
ok: 2 profiles in `/home/jane/.config/rdsconnect/config.toml`
",
    ),
    (
        "rdsconnect-config-schema",
        "\
$ rdsconnect config schema >rdsconnect.schema.json
$ rdsconnect config schema
{
  \"$schema\": \"http://json-schema.org/draft-07/schema#\",
  ...
  \"title\": \"Profile file of rdsconnect\",
  \"type\": \"object\"
}
",
    ),
    (
        "rdsconnect-check",
        "\
$ rdsconnect check --json | jq
$ rdsconnect check reports
reports
  passed   profile file  /home/jane/.config/rdsconnect/config.toml, 2 profiles
  passed   profile       postgres jane@reports.abc123def456.us-west-2.rds.amazonaws.com:5432/warehouse
  passed   region        us-west-2, as the host name has it
  passed   client        ...
  passed   CA            ...
  passed   credentials   the environment: arn:aws:iam::111122223333:user/jane; they do not expire
  passed   name          `reports.abc123def456.us-west-2.rds.amazonaws.com` is ...
  passed   TCP           ...:5432 accepts connections
  passed   TLS           certificate and name verified
  passed   login         logged in as `jane`
",
    ),
    (
        "rdsconnect-ca-list",
        "\
$ rdsconnect ca list | head -n 2
Amazon RDS af-south-1 Root CA ECC384 G1           2121-05-19  3f080199196980898679820cdaef05641ab38d7da88b5a8a4b43f516047a4670
Amazon RDS af-south-1 Root CA RSA2048 G1          2061-05-19  93e1ba1b78cc87bd5418456a356dab93868592d2676591be88dfdddce9f0e7a1
",
    ),
    (
        "rdsconnect-aliases",
        "\
$ rdsconnect aliases --shell zsh
alias orders='rdsconnect connect orders'
alias reports='rdsconnect connect reports'
$ eval \"$(rdsconnect aliases --shell bash)\"     # in ~/.bashrc
$ rdsconnect aliases --shell fish | source        # in config.fish
$ orders -- -e 'select 1'
",
    ),
    (
        "rdsconnect-generate-man",
        "\
$ rdsconnect generate man ~/.local/share/man/man1 && ls ~/.local/share/man/man1 | tail -n 2
rdsconnect-token.1
rdsconnect.1
$ man rdsconnect-token
",
    ),
    (
        "rdsconnect-generate-completions",
        "\
$ source <(rdsconnect generate completions bash)    # in ~/.bashrc
$ source <(rdsconnect generate completions zsh)     # in ~/.zshrc, after compinit
$ rdsconnect generate completions fish >~/.config/fish/completions/rdsconnect.fish
$ rdsconnect generate completions fish
complete --keep-order --exclusive --command rdsconnect --arguments ...
",
    ),
];
