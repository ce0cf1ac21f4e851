using CsCheck;
using Decent.Candid;

namespace Decent.Canister.Client.Tests.Accounts;

public sealed class AccountTests
{
    private const string Owner = "k2t6j-2nvnp-4zjm3-25dtz-6xhaa-c7boj-5gayf-oj3xs-i43lp-teztq-6ae";

    [Fact]
    public void Accounts_are_written_and_read_as_published()
    {
        foreach (var item in Json.File("accounts.json").Items("accounts"))
        {
            var subaccount = item.GetProperty("subaccount_hex").GetString() is { } hex
                ? (ReadOnlyMemory<byte>?)Convert.FromHexString(hex)
                : null;
            var account = new IcrcAccount(Principal.FromText(item.Text("owner")), subaccount);
            Assert.Equal(item.Text("text"), account.ToString());
            Assert.Equal(account, IcrcAccount.Parse(item.Text("text")));
            Assert.Equal(item.Text("icp_account_identifier"), IcpAccountIdentifier.Of(account).ToString());
        }
    }

    [Fact]
    public void Texts_that_are_not_accounts_are_refused()
    {
        foreach (var item in Json.File("accounts.json").Items("invalid_account_texts"))
        {
            Assert.Throws<AccountFormatException>(() => IcrcAccount.Parse(item.Text("text")));
            Assert.False(IcrcAccount.TryParse(item.Text("text"), out _));
        }
    }

    [Theory]
    [InlineData("", AccountFault.Empty)]
    [InlineData("not a principal", AccountFault.Owner)]
    [InlineData(Owner + "-q6bn32y.", AccountFault.Subaccount)]
    [InlineData(Owner + "-6cc627i.01", AccountFault.NotCanonical)]
    [InlineData(Owner + "-6cc627i.xyz", AccountFault.Subaccount)]
    [InlineData(Owner + ".1", AccountFault.MissingChecksum)]
    [InlineData(Owner + "-7cc627i.1", AccountFault.WrongChecksum)]
    [InlineData(Owner + "-6cc627i.2", AccountFault.WrongChecksum)]
    [InlineData("k2t6j-2nvnp-4zjm3-25dtz-6xhaa-c7boj-5gayf-oj3xs-i43lp-teztq-6af", AccountFault.Owner)]
    public void A_refusal_names_its_fault(string text, AccountFault fault) =>
        Assert.Equal(fault, Assert.Throws<AccountFormatException>(() => IcrcAccount.Parse(text)).Fault);

    [Fact]
    public void The_subaccount_of_zeros_is_no_subaccount()
    {
        var owner = Principal.FromText(Owner);
        var zeros = new IcrcAccount(owner, new byte[32]);
        Assert.Null(zeros.Subaccount);
        Assert.Equal(new IcrcAccount(owner), zeros);
        Assert.Equal(new IcrcAccount(owner).GetHashCode(), zeros.GetHashCode());
        Assert.Throws<ArgumentException>(() => new IcrcAccount(owner, new byte[31]));
    }

    [Fact]
    public void Every_account_survives_its_text() =>
        Gen.Select(Gen.Byte.Array[0, 29], Gen.OneOf(Gen.Byte.Array[32], Gen.Const((byte[])[]))).Sample(
            (owner, subaccount) =>
            {
                var account = new IcrcAccount(
                    Principal.FromBytes(owner), subaccount.Length == 0 ? null : (ReadOnlyMemory<byte>?)subaccount);
                Assert.Equal(account, IcrcAccount.Parse(account.ToString()));
            },
            iter: Testing.Deep.Count(500));

    [Fact]
    public void Account_identifiers_are_computed_and_checked()
    {
        var file = Json.File("accounts.json");
        foreach (var item in file.Items("icp_account_identifiers"))
        {
            var account = new IcrcAccount(Principal.FromText(item.Text("owner")), item.Hex("subaccount_hex"));
            Assert.Equal(item.Text("account_identifier"), IcpAccountIdentifier.Of(account).ToString());
        }

        foreach (var item in file.Items("valid_icp_account_identifiers"))
        {
            Assert.Equal(item.Text("text"), IcpAccountIdentifier.Parse(item.Text("text")).ToString());
        }

        foreach (var item in file.Items("invalid_icp_account_identifiers"))
        {
            Assert.Throws<AccountFormatException>(() => IcpAccountIdentifier.Parse(item.Text("text")));
            Assert.False(IcpAccountIdentifier.TryParse(item.Text("text"), out _));
        }
    }

    [Fact]
    public void The_subaccount_of_a_principal_is_its_length_and_bytes()
    {
        foreach (var item in Json.File("accounts.json").Items("subaccount_of_principal"))
        {
            var subaccount = IcrcAccount.SubaccountOf(Principal.FromText(item.Text("principal")));
            Assert.Equal(item.Text("subaccount_hex"), Convert.ToHexStringLower(subaccount.Span));
        }
    }
}
