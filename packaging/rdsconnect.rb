# The Homebrew formula, for a tap. It builds from the sources of a release, whose `url` and `sha256` belong here
# (docs/releasing.md). Nothing is published yet, so all addresses lead nowhere.
class Rdsconnect < Formula
  desc "Become mysql or psql on Amazon RDS, with a fresh IAM token and verified TLS"
  homepage "https://example.org/rdsconnect"
  url "https://example.org/rdsconnect/archive/refs/tags/v0.1.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license any_of: ["MIT", "Apache-2.0"]
  head "https://example.org/rdsconnect.git", branch: "main"

  depends_on "rust" => :build

  def install
    system "cargo", "install", *std_cargo_args
    # Both come out of the program.
    system bin/"rdsconnect", "generate", "man", man1
    generate_completions_from_executable(bin/"rdsconnect", "generate", "completions", shells: [:bash, :zsh, :fish])
    doc.install "README.md", "CHANGELOG.md", "config.example.toml", "docs"
  end

  def caveats
    <<~EOS
      rdsconnect starts the clients that you have: psql (`brew install libpq`), or
      mysql (`brew install mysql-client`) or mariadb (`brew install mariadb`).
      `rdsconnect init` writes a first profile file.
    EOS
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/rdsconnect --version")

    (testpath/"config.toml").write <<~EOS
      [profiles.reports]
      engine = "postgres"
      host = "reports.abc123def456.us-west-2.rds.amazonaws.com"
      user = "jane"
    EOS
    # The file decides over who connects where, so nobody else may write to it.
    chmod 0600, testpath/"config.toml"
    ENV["RDSCONNECT_CONFIG"] = testpath/"config.toml"
    ENV["AWS_ACCESS_KEY_ID"] = "AKIAIOSFODNN7EXAMPLE"
    ENV["AWS_SECRET_ACCESS_KEY"] = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    assert_match "reports", shell_output("#{bin}/rdsconnect list")
    assert_match "X-Amz-Signature=", shell_output("#{bin}/rdsconnect token reports")
  end
end
