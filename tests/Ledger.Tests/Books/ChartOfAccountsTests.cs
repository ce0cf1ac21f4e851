using Decent.Ledger.Books;

namespace Decent.Ledger.Tests.Books;

public sealed class ChartOfAccountsTests
{
    [Theory]
    [InlineData("contract/c-1/escrow", NormalSide.Credit, true)]
    [InlineData("contract/c-1/refundable", NormalSide.Credit, true)]
    [InlineData("provider/p.1/payable", NormalSide.Credit, true)]
    [InlineData("provider/p-1/receivable", NormalSide.Debit, true)]
    [InlineData("rail/stripe/clearing", NormalSide.Debit, false)]
    [InlineData("suspense/icpay", NormalSide.Credit, true)]
    [InlineData("chain/ckUSDT/wallet", NormalSide.Debit, true)]
    [InlineData("platform/fees", NormalSide.Credit, false)]
    [InlineData("platform/capital", NormalSide.Credit, false)]
    [InlineData("platform/expense/stripe-fees", NormalSide.Debit, false)]
    [InlineData("fx/USD", NormalSide.Credit, false)]
    [InlineData("rounding/USD", NormalSide.Credit, false)]
    public void A_path_says_its_side_and_floor(string path, NormalSide side, bool floor) =>
        Assert.Equal(new AccountRule(side, floor), ChartOfAccounts.RuleFor(path));

    [Theory]
    [InlineData("")]
    [InlineData("contract")]
    [InlineData("contract//escrow")]
    [InlineData("contract/c 1/escrow")]
    [InlineData("contract/c-1/escrow/more")]
    [InlineData("/contract/c-1/escrow")]
    [InlineData("platform/fees\n")]
    [InlineData("contract/c-1/escrow\n")]
    [InlineData("Platform/fees")]
    [InlineData("provider/p-1/payout")]
    [InlineData("chain/ckUSDT/wallet2")]
    public void An_unknown_shape_has_no_account(string path) => Assert.Null(ChartOfAccounts.RuleFor(path));

    [Fact]
    public void The_builders_name_accounts_of_the_chart()
    {
        string[] paths =
        [
            ChartOfAccounts.ContractEscrow("c"), ChartOfAccounts.ContractRefundable("c"), ChartOfAccounts.PayableTo("p"),
            ChartOfAccounts.ReceivableFrom("p"), ChartOfAccounts.RailClearingOf("stripe"), ChartOfAccounts.SuspenseOf("chain"),
            ChartOfAccounts.Wallet("ICP"), ChartOfAccounts.FxOf("ICP"), ChartOfAccounts.RoundingOf("USD"),
            ChartOfAccounts.PlatformFees, ChartOfAccounts.PlatformCapital, ChartOfAccounts.ExpenseOf("ledger-fees"),
        ];

        Assert.All(paths, path => Assert.NotNull(ChartOfAccounts.RuleFor(path)));
    }
}
