// The program that the storm starts: it ends at once.
int main(void)
{
	return 0;
}
