using Decent.Testing;

namespace Decent.Candid.Tests.Binary;

public sealed class SuiteTests
{
    [Theory]
    [InlineData("candid/prim-basic.test.did", 84)]
    [InlineData("candid/construct-basic.test.did", 59)]
    [InlineData("candid/reference-basic.test.did", 9)]
    public void Every_assertion_of_the_official_suite_holds(string file, int atLeast)
    {
        var (count, faults) = SuiteFile.Run(file, Vectors.Text(file));
        Assert.True(faults.Count == 0, string.Join("\n\n", faults));
        Assert.True(count >= atLeast, $"only {count} assertions");
    }

    [Theory]
    [InlineData("assert blob \"DIDL\\00\\01\\7d\\2a\" == \"(43)\" : (nat);")]
    [InlineData("assert blob \"DIDL\\00\\01\\7d\\2a\" != \"(42)\" : (nat);")]
    [InlineData("assert blob \"DIDL\\00\\01\\7d\\2a\" !: (nat);")]
    [InlineData("assert blob \"DIDL\\00\\01\\7d\\2a\" : (text);")]
    public void A_wrong_assertion_is_noticed(string text)
    {
        var (count, faults) = SuiteFile.Run("wrong", text);
        Assert.Equal(1, count);
        Assert.Single(faults);
    }
}
