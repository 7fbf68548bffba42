//! The pictures of the README: what is typed for each, and what has to stand there before it is taken.

use super::pty::{Terminal, text};
use super::stage::Stage;
use super::svg;

/// The lines of every terminal. Those below the last one that was written to do not show.
const ROWS: u16 = 60;

/// The profile file of all pictures.
pub(crate) const PROFILES: &str = r#"
[defaults]
user = "jane"

[profiles.billing]
engine = "postgres"
host = "billing.abc123def456.us-west-2.rds.amazonaws.com"
database = "ledger"
production = true

[profiles.billing-audit]
engine = "postgres"
host = "billing.abc123def456.us-west-2.rds.amazonaws.com"
database = "ledger"
user = "joe"
read_only = true

[profiles.inventory]
engine = "mysql"
host = "inventory.abc123def456.eu-central-1.rds.amazonaws.com"
database = "stock"

[profiles.orders]
engine = "mysql"
host = "orders.abc123def456.us-west-2.rds.amazonaws.com"
database = "shop"

[profiles.orders-eu]
engine = "mysql"
host = "orders-eu.abc123def456.eu-central-1.rds.amazonaws.com"
database = "shop"
production = true

[profiles.reports]
engine = "postgres"
host = "reports.abc123def456.us-west-2.rds.amazonaws.com"
database = "warehouse"

[profiles.reports-eu]
engine = "postgres"
host = "reports-eu.abc123def456.eu-central-1.rds.amazonaws.com"
database = "warehouse"
read_only = true
"#;

/// A picture to be taken.
pub(crate) struct Picture {
    /// The name of its file, without `.svg`.
    pub(crate) name: &'static str,
    /// What stands above it.
    pub(crate) title: &'static str,
    /// The width of the terminal.
    columns: u16,
    play: fn(&Terminal) -> Result<(), String>,
}

/// Needs no server.
pub(crate) const PICKER: Picture =
    Picture { name: "picker", title: "rdsconnect: which profile?", columns: 106, play: picker };

/// Need the databases of a scene.
pub(crate) const SESSION: Picture =
    Picture { name: "session", title: "rdsconnect: two sessions", columns: 92, play: session };
pub(crate) const CHECK: Picture = Picture { name: "check", title: "rdsconnect check", columns: 110, play: check };

impl Picture {
    /// The picture as SVG, of a run that happens now.
    pub(crate) fn take(&self, stage: &Stage) -> Result<String, String> {
        let terminal = Terminal::open(stage, self.columns, ROWS)?;
        (self.play)(&terminal).map_err(|error| format!("{}: {error}", self.name))?;
        Ok(svg::picture(&terminal.screen(), self.title))
    }
}

fn session(terminal: &Terminal) -> Result<(), String> {
    terminal.line("rdsconnect billing", "[PRODUCTION billing] ledger=> ")?;
    terminal.line("select id, customer, total from invoices order by id;", "ledger=> ")?;
    terminal.line("\\q", "$ ")?;
    terminal.command("rdsconnect orders -- -t -e 'select * from orders'")
}

fn picker(terminal: &Terminal) -> Result<(), String> {
    terminal.keys("rdsconnect\r")?;
    terminal.until("the whole list", |screen| text(screen).lines().count() == 9)?;
    terminal.keys("us-west")?;
    terminal.until("the list that is left", |screen| {
        text(screen).contains("Connect to: us-west\n> ") && text(screen).lines().count() == 6
    })?;
    terminal.keys("\x1b[B\x1b[B")?;
    terminal.until("the choice of the third", |screen| {
        text(screen).contains("\n> orders ") && text(screen).ends_with("warehouse")
    })
}

fn check(terminal: &Terminal) -> Result<(), String> {
    // One after the other: nss_wrapper, which gives the endpoints their addresses, now and then says to one of two
    // threads that ask it first that there is no such name.
    terminal.command("rdsconnect check orders")?;
    terminal.command("rdsconnect check billing-audit")
}
